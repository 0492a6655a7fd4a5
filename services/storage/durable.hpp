/// Changes to files and folders, most of which survive a power cut. All paths
/// are absolute. Every failure is ec::storage_failed with the system's reason.
#pragma once

#include "messages/result.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// "`what` '`path`': <text of errno>".
error system_failure(const std::string& what, const std::string& path);

/// Writes all the bytes to an open file.
/// @param path of the file, for the error
status write_all(int fd, std::string_view bytes, const std::string& path);

/// Creates the folder of `path` and its parents where they are missing.
status make_folder_of(const std::string& path);

/// Makes new names in the folder of `path` survive a power cut.
status sync_folder_of(const std::string& path);

/// Renames a file within its folder; replaces an older file.
status rename_durably(const std::string& from, const std::string& to);

/// Removes a file. Succeeds if there is none.
status remove_file(const std::string& path);

} // namespace darkroom
