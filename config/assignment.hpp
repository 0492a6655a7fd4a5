/// What one source (file, environment, flag) says about one setting.
#pragma once

#include <map>
#include <string>

namespace darkroom {

/// "section.key" is to be `text`, because `origin` says so.
struct assignment {
  std::string key;  ///< "http.port"
  std::string text; ///< "3000"; as `write_field` reads it
  /// For people: "darkroom.toml:3:8", "environment variable PORT",
  /// "flag --port".
  std::string origin;
};

/// Environment variables by name.
using environment = std::map<std::string, std::string>;

/// Which source each setting got its value from; keys that are not in it have
/// their default.
using origins = std::map<std::string, std::string>;

} // namespace darkroom
