#include "services/imaging/libraries.hpp"

#include "services/imaging/vips_image.hpp"

#include <link.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string_view>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

// Those that decode, scale, convert colours or encode.
constexpr std::string_view deciding[]
  = {"libvips",  "libheif",     "libaom",  "libdav1d",     "libde265",
     "libwebp",  "libsharpyuv", "libjpeg", "libspng",      "libpng",
     "liblcms2", "libtiff",     "libjxl",  "libimagequant"};

// Adds a library under its real name, which ends in its whole version, with its
// size: a bundle of several libraries may be built anew under one version.
int add(dl_phdr_info* found, size_t, void* names) {
  std::error_code failed;
  auto real = fs::canonical(found->dlpi_name, failed);
  auto name = real.filename().string();
  auto decides = std::any_of(std::begin(deciding), std::end(deciding),
                             [&name](auto x) { return name.rfind(x, 0) == 0; });
  if (!failed && decides)
    static_cast<std::set<std::string>*>(names)->insert(
      name + ':' + std::to_string(fs::file_size(real, failed)));
  return 0;
}

std::string look() {
  std::set<std::string> names;
  dl_iterate_phdr(add, &names);
  std::string out = std::string{"vips "} + vips_version_string();
  for (const auto& name : names)
    out += ' ' + name;
  return out;
}

} // namespace

const std::string& library_versions() {
  static const auto versions = look();
  return versions;
}

} // namespace darkroom
