#include "services/imaging/encode.hpp"

namespace darkroom {

namespace {

constexpr uint32_t vision_quality
  = 85; // vision models see no difference above it

// Copies and frees what libvips allocated.
std::string take(void* bytes, size_t size) {
  std::string taken(static_cast<const char*>(bytes), size);
  g_free(bytes);
  return taken;
}

// Puts `from` on white. libvips takes any last band for alpha, so ask first
// whether there is one.
result<image> without_alpha(const image& from) {
  VipsImage* out = nullptr;
  if (!vips_image_hasalpha(from.get())) {
    g_object_ref(from.get());
    return image{from.get()};
  }
  std::unique_ptr<VipsArrayDouble, void (*)(VipsArrayDouble*)> white{
    vips_array_double_newv(1, 255.0), [](VipsArrayDouble* x) {
      vips_area_unref(VIPS_AREA(x));
    }};
  if (vips_flatten(from.get(), &out, "background", white.get(), nullptr))
    return vips_failure(ec::internal, "cannot flatten alpha");
  return image{out};
}

// Three bands of 8 bit; grey becomes three equal ones.
result<image> on_white(const image& from) {
  auto flat = without_alpha(from);
  if (!flat)
    return flat;
  VipsImage* out = nullptr;
  if (vips_colourspace(flat->get(), &out, VIPS_INTERPRETATION_sRGB, nullptr))
    return vips_failure(ec::internal, "cannot convert pixels to sRGB");
  return image{out};
}

result<std::string> encode_webp(const image& from, const encode_order& order) {
  void* bytes = nullptr;
  size_t size = 0;
  if (vips_webpsave_buffer(
        from.get(), &bytes, &size, "Q", static_cast<int>(order.quality),
        "effort", static_cast<int>(order.effort), "strip", TRUE, nullptr))
    return vips_failure(ec::internal, "cannot encode WebP");
  return take(bytes, size);
}

result<std::string> encode_avif(const image& from, const encode_order& order) {
  void* bytes = nullptr;
  size_t size = 0;
  // The encoder starts as many threads as libvips would for a pipeline. This is
  // one number per process: an encode that begins in the same moment may take
  // the other one's, which costs time and nothing else.
  vips_concurrency_set(static_cast<int>(order.threads));
  const char* tune = nullptr;
#if VIPS_MAJOR_VERSION > 8 || VIPS_MINOR_VERSION >= 18
  // Older ones have ssim only. iq is the default for colours; named, it would
  // be taken for alpha as well, where it loses more.
  if (order.tune != "iq")
    tune = "tune";
#endif
  if (vips_heifsave_buffer(
        from.get(), &bytes, &size, "Q", static_cast<int>(order.quality),
        "effort", static_cast<int>(order.effort), "compression",
        VIPS_FOREIGN_HEIF_COMPRESSION_AV1, "encoder",
        VIPS_FOREIGN_HEIF_ENCODER_AOM, "bitdepth", 8, // 8.14 defaults to 12
        "subsample_mode", VIPS_FOREIGN_SUBSAMPLE_OFF, "strip", TRUE, tune,
        order.tune.c_str(), nullptr))
    return vips_failure(ec::internal, "cannot encode AVIF");
  return take(bytes, size);
}

// @param arrives_whole false lets a browser show it while it still loads, which
// takes more memory to encode
result<std::string> to_jpeg(const image& from, uint32_t quality,
                            bool arrives_whole) {
  auto flat = on_white(from);
  if (!flat)
    return std::move(flat.error());
  void* bytes = nullptr;
  size_t size = 0;
  if (vips_jpegsave_buffer(
        flat->get(), &bytes, &size, "Q", static_cast<int>(quality), "interlace",
        arrives_whole ? FALSE : TRUE, "strip", TRUE, nullptr))
    return vips_failure(ec::internal, "cannot encode JPEG");
  return take(bytes, size);
}

} // namespace

result<std::string> encode(const image& from, const encode_order& order) {
  switch (order.format) {
    case picture_format::webp:
      return encode_webp(from, order);
    case picture_format::avif:
      return encode_avif(from, order);
    case picture_format::jpeg:
      return to_jpeg(from, order.quality, false);
  }
  return fail(ec::internal, "unknown format");
}

result<std::string> encode_jpeg(const image& from) {
  return to_jpeg(from, vision_quality, true);
}

result<raw_picture> raw_rgb(const image& from) {
  auto flat = on_white(from);
  if (!flat)
    return std::move(flat.error());
  size_t size = 0;
  auto bytes = vips_image_write_to_memory(flat->get(), &size);
  if (!bytes)
    return vips_failure(ec::internal, "cannot compute pixels");
  auto taken = take(bytes, size);
  return raw_picture{
    width_of(*flat), height_of(*flat), {taken.begin(), taken.end()}};
}

} // namespace darkroom
