/// What looks at a picture before it is decoded: our own walks through its
/// structure, and libvips' readers of headers.
#include "services/imaging/ends_early.hpp"
#include "services/imaging/header.hpp"
#include "services/imaging/jpeg_mend.hpp"
#include "services/imaging/start.hpp"
#include "services/imaging/tiff_look.hpp"
#include "services/storage/picture_type.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>

using namespace darkroom;

namespace {

constexpr uint64_t max_pixels = 1000000;

void require(bool holds) {
  if (!holds)
    std::abort();
}

// What was mended must be flawless, or a decoder would see what no one judged.
// A JPEG with too many scans is refused, and was looked at in part only.
void mend(std::string_view bytes) {
  auto found = look_at_jpeg(bytes);
  require(found.scans <= max_jpeg_scans + 1);
  if (found.mended.empty() || found.scans > max_jpeg_scans)
    return;
  require(found.mended.size() <= bytes.size() + 2);
  auto again = look_at_jpeg(found.mended);
  require(again.has_end && again.mended.empty() && again.scans == found.scans);
}

void look(std::string_view bytes) {
  if (is_jpeg(bytes))
    mend(bytes);
  require(look_at_tiff(bytes).pages <= max_tiff_pages + 1);
  ends_early(bytes);
}

void read(std::string_view bytes, const imaging_settings& limits) {
  auto header = read_header(bytes, limits);
  if (!header) {
    auto code = header.error().code;
    require(code == ec::bad_input || code == ec::too_large);
    require(!header.error().context.empty());
    return;
  }
  auto& facts = header->facts;
  require(is_read(find_picture_type(bytes), limits.formats));
  require(facts.format == find_picture_type(bytes).format);
  require(facts.width >= 1 && facts.width <= max_edge);
  require(facts.height >= 1 && facts.height <= max_edge);
  require(uint64_t{facts.width} * facts.height <= max_pixels);
  require(facts.orientation >= 1 && facts.orientation <= 8);
  require(facts.icc_profile.size() <= 100);
  require(header->memory_bytes >= bytes.size());
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  require(bool{start_imaging()});
  return 0;
}

// A byte of settings, and the file.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view bytes{reinterpret_cast<const char*>(data), size};
  if (bytes.empty())
    return 0;
  imaging_settings limits;
  limits.max_pixels = max_pixels;
  limits.strictness = bytes.front() & 1 ? "strict" : "lenient";
  limits.formats = bytes.front() & 2 ? common_formats() : known_formats();
  bytes.remove_prefix(1);
  look(bytes);
  read(bytes, limits);
  return 0;
}
