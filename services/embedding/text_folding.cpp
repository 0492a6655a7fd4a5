#include "services/embedding/text_folding.hpp"

#include "services/text/utf8.hpp"

#include <array>
#include <cstdint>
#include <utility>

namespace darkroom {

namespace {

/// Code points that NFKC replaces with another text.
constexpr std::pair<char32_t, std::u32string_view> compatible[]
  = {{0x00a0, U" "},        {0x00aa, U"a"},        {0x00b2, U"2"},
     {0x00b3, U"3"},        {0x00b5, U"\u03bc"},   {0x00b9, U"1"},
     {0x00ba, U"o"},        {0x00bc, U"1\u20444"}, {0x00bd, U"1\u20442"},
     {0x00be, U"3\u20444"}, {0x2026, U"..."},      {0x202f, U" "},
     {0x205f, U" "},        {0x2103, U"\u00b0C"},  {0x2109, U"\u00b0F"},
     {0x2116, U"No"},       {0x2122, U"TM"},       {0x3000, U" "},
     {0xfb00, U"ff"},       {0xfb01, U"fi"},       {0xfb02, U"fl"},
     {0xfb03, U"ffi"},      {0xfb04, U"ffl"}};

/// Accented letters of Latin-1, and the letter and accent they consist of.
struct accented {
  char32_t letter;
  char base;
  char32_t accent;
};
constexpr char32_t grave = 0x300, acute = 0x301, circumflex = 0x302,
                   tilde = 0x303, diaeresis = 0x308, ring = 0x30a,
                   cedilla = 0x327;
constexpr accented latin[]
  = {{0xc0, 'A', grave},      {0xc1, 'A', acute},      {0xc2, 'A', circumflex},
     {0xc3, 'A', tilde},      {0xc4, 'A', diaeresis},  {0xc5, 'A', ring},
     {0xc7, 'C', cedilla},    {0xc8, 'E', grave},      {0xc9, 'E', acute},
     {0xca, 'E', circumflex}, {0xcb, 'E', diaeresis},  {0xcc, 'I', grave},
     {0xcd, 'I', acute},      {0xce, 'I', circumflex}, {0xcf, 'I', diaeresis},
     {0xd1, 'N', tilde},      {0xd2, 'O', grave},      {0xd3, 'O', acute},
     {0xd4, 'O', circumflex}, {0xd5, 'O', tilde},      {0xd6, 'O', diaeresis},
     {0xd9, 'U', grave},      {0xda, 'U', acute},      {0xdb, 'U', circumflex},
     {0xdc, 'U', diaeresis},  {0xdd, 'Y', acute},      {0xff, 'y', diaeresis}};

/// In Latin-1, lower case is 32 above upper case, except ÿ.
constexpr char32_t lower_step = 32;

void append_compatible(std::u32string& to, char32_t point) {
  if (point >= 0xff01 && point <= 0xff5e) { // full width forms of ASCII
    to += static_cast<char32_t>(point - 0xfee0);
    return;
  }
  if (point >= 0x2000 && point <= 0x200a) { // spaces of all widths
    to += U' ';
    return;
  }
  for (auto& [from, text] : compatible)
    if (from == point) {
      to += text;
      return;
    }
  if (!to.empty() && point >= grave && point <= cedilla)
    for (auto& [letter, base, accent] : latin) {
      if (accent != point)
        continue;
      auto upper = static_cast<char32_t>(base);
      if (to.back() == upper || to.back() == upper + lower_step) {
        to.back() = letter + (to.back() - upper);
        return;
      }
    }
  to += point;
}

char32_t without_accent(char32_t point) {
  for (auto& [letter, base, accent] : latin) {
    if (point == letter || point == letter + lower_step)
      return static_cast<char32_t>(base) + (point - letter);
  }
  return point;
}

} // namespace

std::u32string fold_compatible(std::string_view text) {
  std::u32string folded;
  for (auto point : to_code_points(text))
    append_compatible(folded, point);
  return folded;
}

std::vector<std::string> fold_words(std::string_view text) {
  std::vector<std::string> words;
  std::u32string word;
  auto close = [&words, &word] {
    if (!word.empty())
      words.push_back(to_utf8(word));
    word.clear();
  };
  for (auto point : fold_compatible(text)) {
    point = without_accent(point);
    if (point >= U'A' && point <= U'Z')
      word += point + lower_step;
    else if ((point >= U'a' && point <= U'z')
             || (point >= U'0' && point <= U'9')
             || (point >= 0xc0 && point < 0x2000) || point >= 0x2c00)
      word += point;
    else if (point != U'\'') // "dog's" is one word
      close();
  }
  close();
  return words;
}

} // namespace darkroom
