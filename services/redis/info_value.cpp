#include "services/redis/info_value.hpp"

namespace darkroom {

std::string info_value(std::string_view text, const std::string& key) {
  auto begin = text.find("\n" + key + ":");
  if (begin == text.npos)
    return {};
  begin += key.size() + 2;
  return std::string{text.substr(begin, text.find('\r', begin) - begin)};
}

} // namespace darkroom
