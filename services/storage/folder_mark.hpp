/// The file `darkroom.id` in an uploads folder: a random id. With it, nodes
/// find out whether they see the same folder, wherever each has mounted it.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// The folder's id; empty if it has none yet.
/// @returns ec::storage_failed if the file exists but cannot be read or was not
///   made by Darkroom
result<std::string> read_folder_mark(const std::string& folder);

/// The folder's id. Makes one if the folder has none; if several processes do
/// so at once, one wins and the others use its id. A read-only folder keeps the
/// id it has.
/// @returns ec::storage_failed if there is no id and none can be made
result<std::string> mark_folder(const std::string& folder);

} // namespace darkroom
