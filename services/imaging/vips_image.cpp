#include "services/imaging/vips_image.hpp"

#include <algorithm>
#include <string_view>

namespace darkroom {

namespace {

// The words of libvips, libheif, libjpeg and libpng.
constexpr const char* out_of_memory[]
  = {"out of memory", "Memory allocation error", "Insufficient memory",
     "Out of memory"};

// The last line gives the reason. Those before it are warnings, or come from
// libheif's search for the end of the file ("source: bad seek to 9050").
std::string telling_line(std::string_view lines) {
  std::string_view telling;
  while (!lines.empty()) {
    auto line = lines.substr(0, lines.find('\n'));
    lines.remove_prefix(std::min(lines.size(), line.size() + 1));
    auto goes_on = line.empty() || line[0] == ' '; // libheif's number follows
    if (!goes_on && line.find("bad seek") == line.npos)
      telling = line;
  }
  return std::string{telling};
}

} // namespace

error vips_failure(ec code, const std::string& what) {
  std::string all = vips_error_buffer();
  vips_error_clear();
  for (auto words : out_of_memory)
    if (all.find(words) != std::string::npos)
      code = ec::too_large;
  auto why = telling_line(all);
  return fail(code, what + ": " + (why.empty() ? "no reason given" : why));
}

VipsFailOn fail_on_of(const imaging_settings& how) {
  return how.strictness == "strict" ? VIPS_FAIL_ON_WARNING
                                    : VIPS_FAIL_ON_TRUNCATED;
}

} // namespace darkroom
