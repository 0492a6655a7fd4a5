#include "services/storage/given_name.hpp"

#include "services/text/utf8.hpp"

namespace darkroom {

namespace {

constexpr size_t max_bytes = 255;

bool is_control(char32_t x) {
  return x < 0x20 || (x >= 0x7f && x < 0xa0) // C0, DEL, C1
         || (x >= 0x200e && x <= 0x200f)     // direction marks
         || (x >= 0x2028 && x <= 0x202e)     // line ends, embeddings
         || (x >= 0x2066 && x <= 0x2069)     // isolates
         || x == 0x061c || x == 0xfeff || (x >= 0xd800 && x <= 0xdfff)
         || x > 0x10ffff;
}

} // namespace

std::string given_name(std::string_view from) {
  if (auto slash = from.find_last_of("/\\"); slash != from.npos)
    from.remove_prefix(slash + 1);
  // A client may send megabytes, so only the end is converted.
  auto points = to_code_points(
    from.substr(from.size() > 4 * max_bytes ? from.size() - 4 * max_bytes : 0));
  for (auto& x : points)
    if (is_control(x))
      x = 0xfffd;
  std::string out = to_utf8(points);
  while (out.size() > max_bytes && !points.empty()) {
    points.erase(0, 1);
    out = to_utf8(points);
  }
  return out;
}

} // namespace darkroom
