/// Files and folders that only the user who runs darkroom may read.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// Makes `folder`, and those above it that are missing, with mode 0700. One
/// that is there already is left as it is: others may have put things into it.
/// @returns ec::storage_failed if it cannot be made
status make_private_folder(const std::string& folder);

/// Makes an empty file with mode 0600 where there is none; takes from one that
/// is there what group and others may do. Fails silently: whoever opens the
/// file next says what is wrong with it.
void make_private_file(const std::string& path);

/// Takes from a file what group and others may do; nothing where there is none,
/// or where it is another user's.
void tighten_file(const std::string& path);

} // namespace darkroom
