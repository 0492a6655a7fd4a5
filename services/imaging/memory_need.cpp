#include "services/imaging/memory_need.hpp"

namespace darkroom {

namespace {

bool is_interlaced(const image& header) {
  int is = 0;
  return vips_image_get_typeof(header.get(), "interlaced") != 0
         && vips_image_get_int(header.get(), "interlaced", &is) == 0 && is != 0;
}

// The bytes that a decoder keeps per pixel of the whole picture. Decoders that
// stream keep a few lines only.
uint64_t kept_per_pixel(const image& header, const std::string& format) {
  auto bands = static_cast<uint64_t>(vips_image_get_bands(header.get()));
  auto stored
    = bands * VIPS_IMAGE_SIZEOF_ELEMENT(header.get()); // 8 or 16 bit per band
  if (format == "avif" || format == "heic" || format == "jxl")
    return 16;
  if (format == "jpeg") // progressive ones keep coefficients of 16 bit
    return is_interlaced(header) ? 2 * bands : 0;
  if (format == "png")
    return is_interlaced(header) ? stored + stored / 2 : 2;
  return stored + 1; // WebP (lossless), GIF, TIFF
}

// The process with libvips, and the lines that a decoder and a shrinker keep.
constexpr uint64_t process_bytes = 50u << 20;

} // namespace

uint64_t memory_need(const image& header, const std::string& format,
                     uint64_t size) {
  auto pixels = uint64_t{width_of(header)} * height_of(header);
  return process_bytes + 2 * size + pixels * kept_per_pixel(header, format);
}

} // namespace darkroom
