/// Keeps where a server keeps things out of texts that leave it.
#pragma once

#include <string>
#include <vector>

namespace darkroom {

/// A text in which paths below some folders of this machine are relative to
/// them: "'/srv/uploads/a.jpg' is empty" becomes "'a.jpg' is empty". A folder
/// itself becomes its last name.
/// @param folders absolute, without "/" at the end; others are left out
std::string without_folders(std::string text, std::vector<std::string> folders);

} // namespace darkroom
