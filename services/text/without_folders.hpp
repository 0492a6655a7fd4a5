/// Removes the server's folders from texts that leave the server.
#pragma once

#include <string>
#include <vector>

namespace darkroom {

/// Makes paths below the given folders relative: "'/srv/uploads/a.jpg' is
/// empty" becomes "'a.jpg' is empty". The path of a folder itself becomes its
/// last name.
/// @param folders absolute paths without "/" at the end; others are ignored
std::string without_folders(std::string text, std::vector<std::string> folders);

} // namespace darkroom
