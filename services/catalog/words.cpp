#include "services/catalog/words.hpp"

#include "config/words.hpp"
#include "services/text/utf8.hpp"

#include <algorithm>

namespace darkroom {

namespace {

/// A sentence has fewer; more of them only cost time.
constexpr size_t most_words = 32;
constexpr size_t longest_word = 64; // bytes

bool is_ascii_letter_or_digit(char32_t x) {
  return (x >= '0' && x <= '9') || (x >= 'a' && x <= 'z')
         || (x >= 'A' && x <= 'Z');
}

/// Letters and digits of ASCII, and all else from U+00C0 on but punctuation,
/// symbols, and characters that are none.
bool is_in_word(char32_t x) {
  if (x < 0xc0)
    return is_ascii_letter_or_digit(x);
  return x != 0xd7 && x != 0xf7 && !(x >= 0x2000 && x <= 0x2bff)
         && !(x >= 0x3000 && x <= 0x3004) && !(x >= 0xd800 && x <= 0xf8ff)
         && !(x >= 0xfe00 && x <= 0xfe0f) && !(x >= 0xfff0 && x <= 0xffff)
         && x < 0x30000;
}

std::string joined_words(std::string_view text, const char* between) {
  std::vector<std::string> quoted;
  for (const auto& x : words_of(text))
    quoted.push_back('"' + x + '"');
  return joined(quoted, between, between);
}

} // namespace

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> out;
  std::string word;
  auto end_word = [&] {
    if (!word.empty() && std::find(out.begin(), out.end(), word) == out.end())
      out.push_back(word);
    word.clear();
  };
  while (!text.empty() && out.size() < most_words) {
    auto next = first_code_point(text);
    if (!next.is_valid || !is_in_word(next.point))
      end_word();
    else if (word.size() + next.bytes <= longest_word)
      word += text.substr(0, next.bytes);
    text.remove_prefix(next.bytes);
  }
  if (out.size() < most_words)
    end_word();
  return out;
}

std::string any_word_of(std::string_view text) {
  return joined_words(text, " OR ");
}

std::string all_words_of(std::string_view text) {
  return joined_words(text, " ");
}

std::string filter_word(std::string_view text) {
  auto first = text.find_first_not_of(' ');
  if (first == std::string_view::npos)
    return {};
  std::string out{text.substr(first, text.find_last_not_of(' ') - first + 1)};
  for (auto& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

} // namespace darkroom
