#include "config/words.hpp"

namespace darkroom {

std::string counted(uint64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string{noun}
         + (count == 1 ? "" : "s");
}

std::string joined(const std::vector<std::string>& words, std::string_view last,
                   std::string_view separator) {
  std::string out;
  for (size_t i = 0; i < words.size(); ++i) {
    if (i > 0)
      out += i + 1 == words.size() ? last : separator;
    out += words[i];
  }
  return out;
}

std::string trimmed(std::string_view text) {
  constexpr auto space = " \t\r\n";
  auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos)
    return {};
  return std::string{
    text.substr(first, text.find_last_not_of(space) + 1 - first)};
}

} // namespace darkroom
