#include "config/source_formats.hpp"

namespace darkroom {

std::vector<std::string> common_formats() {
  return {"jpeg", "png", "webp", "gif", "avif", "tiff"};
}

std::vector<std::string> known_formats() {
  auto out = common_formats();
  out.insert(out.end(), {"heic", "jxl"});
  return out;
}

} // namespace darkroom
