/// What one source (file, environment, flag) says about one setting.
#pragma once

#include <map>
#include <string>

namespace darkroom {

/// Sets "section.key" to `text`; `origin` is where this was written.
struct assignment {
  std::string key;  ///< "http.port"
  std::string text; ///< "3000"; read by `write_field`
  /// For people: "darkroom.toml:3:8", "environment variable PORT",
  /// "flag --port".
  std::string origin;
};

/// Environment variables by name.
using environment = std::map<std::string, std::string>;

/// The source of each setting's value, by key; keys that are missing have their
/// default.
using origins = std::map<std::string, std::string>;

} // namespace darkroom
