/// Redis's patterns of keys.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// A pattern that matches only this text.
inline std::string glob_literal(std::string_view text) {
  std::string out;
  for (auto c : text) {
    if (std::string_view{"*?[]^\\"}.find(c) != std::string_view::npos)
      out += '\\';
    out += c;
  }
  return out;
}

} // namespace darkroom
