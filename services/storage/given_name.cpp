#include "services/storage/given_name.hpp"

#include "services/text/hidden.hpp"
#include "services/text/utf8.hpp"

namespace darkroom {

namespace {

constexpr size_t max_name_bytes = 255;

} // namespace

std::string given_name(std::string_view from) {
  if (auto slash = from.find_last_of("/\\"); slash != from.npos)
    from.remove_prefix(slash + 1);
  // A client may send megabytes, so only the end is converted.
  auto points = to_code_points(from.substr(
    from.size() > 4 * max_name_bytes ? from.size() - 4 * max_name_bytes : 0));
  for (auto& x : points)
    if (is_control(x))
      x = 0xfffd;
  std::string out = to_utf8(points);
  while (out.size() > max_name_bytes && !points.empty()) {
    points.erase(0, 1);
    out = to_utf8(points);
  }
  return out;
}

} // namespace darkroom
