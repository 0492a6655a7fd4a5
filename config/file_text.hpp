/// Reads a file that a person named.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// The bytes of a file. A folder can be opened but not read, and a file on a
/// failing disk, too: `std::istreambuf_iterator` throws then, whatever the
/// stream's exceptions() are.
/// @returns ec::storage_failed with the system's reason alone ("Is a
/// directory")
result<std::string> file_text(const std::string& path);

} // namespace darkroom
