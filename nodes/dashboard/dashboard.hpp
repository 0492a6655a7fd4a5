/// The page's files, shipped inside the binary.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace darkroom {

/// One file of nodes/dashboard.
struct dashboard_file {
  std::string_view content; ///< lives as long as the program
  std::string_view type;    ///< for Content-Type
  std::string etag;         ///< changes with the content; quoted
};

/// The file with this name ("index.html", "app.js"); nothing if it does not
/// exist.
std::optional<dashboard_file> find_dashboard_file(std::string_view name);

} // namespace darkroom
