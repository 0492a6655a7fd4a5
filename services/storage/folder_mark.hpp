/// The file `darkroom.id` in an uploads folder: a random id, by which nodes
/// find out whether they see the same folder, wherever each has mounted it.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// The folder's id; empty where it has none yet.
/// @returns ec::storage_failed if the file is there and cannot be read, or is
///   none of ours
result<std::string> read_folder_mark(const std::string& folder);

/// The folder's id, made where it has none: of processes that do so at once one
/// wins, and the others read its. A read-only folder keeps the id it has.
/// @returns ec::storage_failed if it has none and none can be made
result<std::string> mark_folder(const std::string& folder);

} // namespace darkroom
