#include "services/vision/tag_words.hpp"

#include "services/text/hidden.hpp"
#include "services/text/one_line.hpp"
#include "services/text/utf8.hpp"

#include <locale.h>
#include <wctype.h>

#include <algorithm>
#include <string_view>

namespace darkroom {

namespace {

constexpr size_t min_tag = 2; // characters
constexpr size_t max_tag = 48;
constexpr size_t max_tags = 30;
constexpr size_t max_tag_bytes = 400; // more is no tag anyway
constexpr std::u32string_view at_ends = U" \"'`.,;:*-_“”‘’«»";

/// Unicode's lower case by the C library. Its locale is the same everywhere.
char32_t lower(char32_t point) {
  static const locale_t everywhere = newlocale(LC_CTYPE_MASK, "C.UTF-8",
                                               nullptr);
  return everywhere == nullptr
           ? point
           : static_cast<char32_t>(
             towlower_l(static_cast<wint_t>(point), everywhere));
}

/// Whether a tag must not have it. Joiners stay: emoji and Persian need them.
bool is_left_out(char32_t point) {
  auto is_joiner = point == 0x200c || point == 0x200d;
  return point == '#' || (is_hidden(point) && !is_joiner);
}

} // namespace

std::string as_tag(const std::string& text) {
  std::u32string points;
  for (auto point : to_code_points(one_line(text, max_tag_bytes)))
    if (!is_left_out(point))
      points += lower(point);
  auto first = points.find_first_not_of(at_ends);
  if (first == points.npos)
    return {};
  points = points.substr(first, points.find_last_not_of(at_ends) - first + 1);
  if (points.size() < min_tag || points.size() > max_tag)
    return {};
  return to_utf8(points);
}

std::vector<std::string> as_tags(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (const auto& text : texts) {
    auto tag = as_tag(text);
    if (tag.empty() || std::find(out.begin(), out.end(), tag) != out.end())
      continue;
    out.push_back(std::move(tag));
    if (out.size() == max_tags)
      break;
  }
  return out;
}

} // namespace darkroom
