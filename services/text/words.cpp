#include "services/text/words.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return std::tolower(c); });
  return out;
}

bool has_any(std::string_view text, word_list words) {
  return std::any_of(words.begin(), words.end(), [text](const char* x) {
    return text.find(x) != text.npos;
  });
}

} // namespace darkroom
