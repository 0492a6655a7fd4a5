/// Reads a file that a person named.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// The bytes of a file. Never throws where a path can be opened but not read,
/// such as a folder's; `std::istreambuf_iterator` does.
/// @returns ec::storage_failed; its context is only the system's reason, such
///   as "Is a directory"
result<std::string> file_text(const std::string& path);

} // namespace darkroom
