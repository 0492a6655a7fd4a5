#include "services/imaging/header.hpp"

#include "services/imaging/icc_name.hpp"
#include "services/imaging/memory_need.hpp"
#include "services/imaging/vips_image.hpp"
#include "services/storage/picture_type.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr std::pair<std::string_view, const char*> loader_formats[]
  = {{"VipsForeignLoadJpeg", "jpeg"},
     {"VipsForeignLoadPng", "png"},
     {"VipsForeignLoadWebp", "webp"},
     {"VipsForeignLoadNsgif", "gif"},
     {"VipsForeignLoadHeif", "avif"}};

const char* format_of(std::string_view bytes) {
  auto loader = vips_foreign_find_load_buffer(bytes.data(), bytes.size());
  vips_error_clear();
  for (auto [prefix, format] : loader_formats)
    if (loader && std::string_view{loader}.substr(0, prefix.size()) == prefix)
      return format;
  return nullptr;
}

// libvips shows an EXIF text as "Canon (Canon, ASCII, 6 components, 6 bytes)".
std::string exif_text(const image& from, const char* name) {
  const char* shown = nullptr;
  if (!vips_image_get_typeof(from.get(), name)
      || vips_image_get_string(from.get(), name, &shown)) {
    vips_error_clear();
    return {};
  }
  std::string text = shown;
  auto twice = text.rfind(", ASCII, ");
  if (twice == std::string::npos || twice < 2)
    return {};
  return text.substr(0, (twice - 2) / 2);
}

std::string icc_text(const image& from) {
  const void* bytes = nullptr;
  size_t size = 0;
  if (!vips_image_get_typeof(from.get(), VIPS_META_ICC_NAME)
      || vips_image_get_blob(from.get(), VIPS_META_ICC_NAME, &bytes, &size)) {
    vips_error_clear();
    return {};
  }
  return icc_name({static_cast<const char*>(bytes), size});
}

status check_pixels(const image& from, const imaging_settings& limits) {
  auto size = "picture is " + std::to_string(width_of(from)) + "x"
              + std::to_string(height_of(from)) + " px, limit is ";
  if (std::max(width_of(from), height_of(from)) > max_edge)
    return fail(ec::too_large,
                size + std::to_string(max_edge) + " px per edge");
  if (uint64_t{width_of(from)} * height_of(from) > limits.max_pixels)
    return fail(ec::too_large, size + std::to_string(limits.max_pixels)
                                 + " px in all ([imaging] max_pixels)");
  return ok;
}

error unread(const std::string& what) {
  auto is_named = what.substr(0, 2) == "a " || what.substr(0, 3) == "an ";
  return fail(ec::bad_input,
              "file is not a picture we read: "
                + (is_named ? what + " is not read" : "it is " + what)
                + ": use " + readable_pictures);
}

picture_header describe(const image& from, const char* format, size_t size) {
  picture_header header;
  auto& facts = header.facts;
  facts.format = format;
  facts.file_size = size;
  facts.width = width_of(from);
  facts.height = height_of(from);
  facts.orientation
    = static_cast<uint32_t>(vips_image_get_orientation(from.get()));
  if (vips_image_get_orientation_swap(from.get()))
    std::swap(facts.width, facts.height);
  facts.frames = static_cast<uint32_t>(vips_image_get_n_pages(from.get()));
  facts.has_alpha = vips_image_hasalpha(from.get());
  facts.icc_profile = icc_text(from);
  facts.camera_make = exif_text(from, "exif-ifd0-Make");
  facts.camera_model = exif_text(from, "exif-ifd0-Model");
  facts.taken_at = exif_text(from, "exif-ifd2-DateTimeOriginal");
  header.is_cmyk = vips_image_get_interpretation(from.get())
                   == VIPS_INTERPRETATION_CMYK;
  header.has_own_colours = vips_image_get_typeof(from.get(), VIPS_META_ICC_NAME)
                           || header.is_cmyk;
  header.memory_bytes = memory_need(from, facts.format, size);
  return header;
}

} // namespace

result<picture_header> read_header(std::string_view bytes,
                                   const imaging_settings& limits) {
  if (bytes.empty())
    return fail(ec::bad_input, "picture is empty: the file has 0 bytes");
  if (bytes.size() > limits.max_bytes)
    return fail(ec::too_large, "picture has " + std::to_string(bytes.size())
                                 + " bytes, limit is "
                                 + std::to_string(limits.max_bytes)
                                 + " ([imaging] max_bytes)");
  auto type = find_picture_type(bytes);
  if (!type.extension)
    return unread(type.what);
  auto format = format_of(bytes);
  if (!format)
    return fail(ec::bad_input,
                "file begins as " + type.what + ", but its header is broken");
  image header{vips_image_new_from_buffer(
    bytes.data(), bytes.size(), "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
    fail_on_of(limits), nullptr)};
  if (!header)
    return vips_failure(ec::bad_input,
                        std::string{"header of the "} + format + " is broken");
  if (auto fits = check_pixels(header, limits); !fits)
    return std::move(fits.error());
  return describe(header, format, bytes.size());
}

} // namespace darkroom
