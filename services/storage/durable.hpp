/// Changes to folders that outlive a power cut. All paths absolute. Every
/// failure is ec::storage_failed with the system's reason.
#pragma once

#include "messages/result.hpp"

#include <string>

namespace darkroom {

/// "`what` '`path`': <text of errno>".
error system_failure(const std::string& what, const std::string& path);

/// Creates the folder that `path` lies in, and those above.
status make_folder_of(const std::string& path);

/// Makes what was created in the folder of `path` last.
status sync_folder_of(const std::string& path);

/// Renames within one folder, over an older file.
status rename_durably(const std::string& from, const std::string& to);

/// Removes a file; one that is not there is removed already.
status remove_file(const std::string& path);

} // namespace darkroom
