#include "services/imaging/load.hpp"

namespace darkroom {

namespace {

// Decodes the pixels. A sequential image can be read only once, but all
// encoders read this one. A JPEG whose data end too soon, but with an end
// marker, only causes a warning, whatever fail_on is (8.18).
result<image> in_memory(const image& from) {
  image copy{vips_image_copy_memory(from.get())};
  if (!copy)
    return vips_failure(ec::bad_input, "picture is broken");
  std::string_view warnings = vips_error_buffer();
  if (warnings.find("premature end") != warnings.npos)
    return vips_failure(ec::bad_input, "pixels are missing");
  return copy;
}

result<image> as_srgb_or_grey(image from) {
  auto grey = vips_image_get_bands(from.get()) < 3;
  auto wanted = grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB;
  if (vips_image_get_interpretation(from.get()) == wanted)
    return from;
  VipsImage* out = nullptr;
  if (vips_colourspace(from.get(), &out, wanted, nullptr))
    return vips_failure(ec::bad_input, "cannot convert colours to sRGB");
  return image{out};
}

result<image> as_8_bit(image from) {
  if (vips_image_get_format(from.get()) == VIPS_FORMAT_UCHAR)
    return from;
  VipsImage* out = nullptr;
  if (vips_cast_uchar(from.get(), &out, nullptr))
    return vips_failure(ec::bad_input, "cannot convert pixels to 8 bit");
  return image{out};
}

result<image> decode_shrunk(std::string_view bytes,
                            const picture_header& header, box into,
                            const imaging_settings& how) {
  // The loaders of buffers ignore fail_on (8.18 turned three truncated JPEGs
  // silently grey), but they obey it in the option string. Without a profile in
  // the picture, export_profile shifts the colours (8.14).
  auto out_profile = header.has_own_colours ? "export_profile" : nullptr;
  // For CMYK whose profile is missing or broken. The plain conversion turns the
  // black of 100 % K into a grey of 40, 34, 43 (8.18).
  auto in_profile = header.is_cmyk ? "import_profile" : nullptr;
  auto fail_on = fail_on_of(how);
  auto options = std::string{"[fail_on="}
                 + vips_enum_nick(VIPS_TYPE_FAIL_ON, fail_on) + "]";
  VipsImage* out = nullptr;
  if (vips_thumbnail_buffer(
        const_cast<char*>(bytes.data()), bytes.size(), &out,
        static_cast<int>(into.width), "height", static_cast<int>(into.height),
        "size", VIPS_SIZE_DOWN, "intent", VIPS_INTENT_PERCEPTUAL, "fail_on",
        fail_on, "option_string", options.c_str(), out_profile, "srgb",
        in_profile, "cmyk", nullptr))
    return vips_failure(ec::bad_input,
                        header.facts.format + " cannot be decoded");
  auto coloured = as_srgb_or_grey(image{out});
  if (!coloured)
    return coloured;
  auto shallow = as_8_bit(std::move(*coloured));
  if (!shallow)
    return shallow;
  return in_memory(*shallow);
}

// libheif reads the header of a HEIC even if it cannot decode it.
bool is_undecoded(const error& why) {
  auto has = [&](const char* words) {
    return why.context.find(words) != std::string::npos;
  };
  return has("not been built in") || has("Unsupported");
}

} // namespace

result<image> load_shrunk(std::string_view bytes, const picture_header& header,
                          box into, const imaging_settings& how) {
  auto out = decode_shrunk(bytes, header, into, how);
  if (!out && header.facts.format == "heic" && is_undecoded(out.error()))
    return fail(ec::bad_input, "a HEIC is not read: " + what_it_takes("heic"));
  return out;
}

result<image> cover(const image& from, box into) {
  VipsImage* out = nullptr;
  if (vips_thumbnail_image(from.get(), &out, static_cast<int>(into.width),
                           "height", static_cast<int>(into.height), "size",
                           VIPS_SIZE_DOWN, "crop", VIPS_INTERESTING_CENTRE,
                           "no_rotate", TRUE, nullptr))
    return vips_failure(ec::internal, "cannot cut the picture");
  return in_memory(image{out});
}

result<image> shrink(const image& from, box into) {
  VipsImage* out = nullptr;
  if (vips_thumbnail_image(from.get(), &out, static_cast<int>(into.width),
                           "height", static_cast<int>(into.height), "size",
                           VIPS_SIZE_DOWN, "no_rotate", TRUE, nullptr))
    return vips_failure(ec::internal, "cannot shrink the picture");
  return in_memory(image{out});
}

} // namespace darkroom
