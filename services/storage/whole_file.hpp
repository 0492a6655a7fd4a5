/// Writes a file of which nobody ever finds a half.
#pragma once

#include "messages/result.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// What happens to a file that has the name already.
enum class older_file { stays, is_replaced };

/// Writes the bytes to a hidden file beside `path`, and renames it once it is
/// complete. If the process is killed in between, only the hidden file is left.
/// @param path in a folder that exists
/// @returns ec::conflict if there is such a file and it stays, or
///   ec::storage_failed with the system's reason.
status write_whole_file(const std::string& path, std::string_view bytes,
                        older_file older);

} // namespace darkroom
