/// Files and folders that only the user who runs darkroom may read.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// Makes `folder`, and missing folders above it, with mode 0700. An existing
/// folder keeps its mode, because others may have put things into it.
/// @returns ec::storage_failed if the folder cannot be made
status make_private_folder(const std::string& folder);

/// Makes an empty file with mode 0600, or tightens an existing file. Fails
/// silently: whoever opens the file next reports what is wrong with it.
void make_private_file(const std::string& path);

/// Removes all permissions of group and others from a file. Does nothing if
/// there is no such file or another user owns it.
void tighten_file(const std::string& path);

} // namespace darkroom
