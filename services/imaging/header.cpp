#include "services/imaging/header.hpp"

#include "services/imaging/icc_name.hpp"
#include "services/imaging/memory_need.hpp"
#include "services/imaging/tiff_look.hpp"
#include "services/imaging/vips_image.hpp"
#include "services/storage/picture_type.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

// CMYK with alpha. A TIFF may have 65535, each of which takes memory.
constexpr uint64_t max_bands = 5;

constexpr std::pair<std::string_view, const char*> loader_formats[]
  = {{"VipsForeignLoadJpeg", "jpeg"}, {"VipsForeignLoadPng", "png"},
     {"VipsForeignLoadWebp", "webp"}, {"VipsForeignLoadNsgif", "gif"},
     {"VipsForeignLoadHeif", "avif"}, {"VipsForeignLoadHeif", "heic"},
     {"VipsForeignLoadTiff", "tiff"}, {"VipsForeignLoadJxl", "jxl"}};

// Whether libvips takes the file for the format that its first bytes tell.
bool is_loaded_as(std::string_view format, std::string_view bytes) {
  auto found = vips_foreign_find_load_buffer(bytes.data(), bytes.size());
  vips_error_clear();
  std::string_view loader = found ? found : "";
  for (auto [prefix, name] : loader_formats)
    if (name == format && loader.substr(0, prefix.size()) == prefix)
      return true;
  return false;
}

bool has_loader(std::string_view format) {
  for (auto [prefix, name] : loader_formats)
    if (name == format && g_type_from_name(std::string{prefix}.c_str()) != 0)
      return true;
  return false;
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

error too_many_bands(uint64_t count) {
  return fail(ec::too_large, "picture has " + std::to_string(count)
                               + " channels, limit is "
                               + std::to_string(max_bands));
}

status check_pixels(const image& from, const imaging_settings& limits) {
  auto size = "picture is " + std::to_string(width_of(from)) + "x"
              + std::to_string(height_of(from)) + " px, limit is ";
  if (std::max(width_of(from), height_of(from)) > max_edge)
    return fail(ec::too_large,
                size + std::to_string(max_edge) + " px per edge");
  auto bands = static_cast<uint64_t>(vips_image_get_bands(from.get()));
  if (bands > max_bands)
    return too_many_bands(bands);
  if (uint64_t{width_of(from)} * height_of(from) > limits.max_pixels)
    return fail(ec::too_large, size + std::to_string(limits.max_pixels)
                                 + " px in all ([imaging] max_pixels)");
  return ok;
}

// Why a file of this type is not read, as far as its first bytes tell.
error unread(const picture_type& type, const imaging_settings& limits) {
  auto is_named = type.what.substr(0, 2) == "a "
                  || type.what.substr(0, 3) == "an ";
  auto is_possible = is_read(type, known_formats());
  return fail(ec::bad_input,
              "file is not a picture we read: "
                + (is_named ? type.what + " is not read" : "it is " + type.what)
                + ": use " + names_of(limits.formats)
                + (is_possible ? std::string{", or name "} + type.format
                                   + " in [imaging] formats"
                               : ""));
}

status check_type(std::string_view bytes, const imaging_settings& limits) {
  auto type = find_picture_type(bytes);
  if (!is_read(type, limits.formats))
    return unread(type, limits);
  if (!has_loader(type.format))
    return fail(ec::bad_input,
                type.what + " is not read: " + what_it_takes(type.format));
  if (!is_loaded_as(type.format, bytes))
    return fail(ec::bad_input,
                "file begins as " + type.what + ", but its header is broken");
  return ok;
}

// A TIFF's pages are a chain of directories, which libtiff follows to its end
// to count them.
status check_tiff(std::string_view bytes) {
  auto found = look_at_tiff(bytes);
  if (found.pages > max_tiff_pages)
    return fail(ec::too_large, "the TIFF's list of pages is a loop, or has "
                               "more than "
                                 + std::to_string(max_tiff_pages));
  if (found.channels > max_bands)
    return too_many_bands(found.channels);
  if (found.lacks_pixels)
    return fail(ec::bad_input, "pixels are missing");
  return ok;
}

// The brands of a HEIF container do not bind what is in it.
status check_coding(const image& from, std::string_view format) {
  const char* coding = nullptr;
  if (!vips_image_get_typeof(from.get(), "heif-compression")
      || vips_image_get_string(from.get(), "heif-compression", &coding)) {
    vips_error_clear();
    return ok;
  }
  if (coding == std::string_view{format == "heic" ? "hevc" : "av1"})
    return ok;
  return fail(ec::bad_input, "file begins as " + names_of({std::string{format}})
                               + ", but is coded as " + coding);
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

std::string what_it_takes(const std::string& format) {
  auto library = format == "heic" ? "whose libheif decodes HEVC (libde265)"
                                  : "that was built with libjxl";
  return std::string{"it takes a libvips "} + library
         + ", such as Debian's (cmake -DDARKROOM_VIPS=system)";
}

result<picture_header> read_header(std::string_view bytes,
                                   const imaging_settings& limits) {
  if (bytes.empty())
    return fail(ec::bad_input, "picture is empty: the file has 0 bytes");
  if (bytes.size() > limits.max_bytes)
    return fail(ec::too_large, "picture has " + std::to_string(bytes.size())
                                 + " bytes, limit is "
                                 + std::to_string(limits.max_bytes)
                                 + " ([imaging] max_bytes)");
  if (auto typed = check_type(bytes, limits); !typed)
    return std::move(typed.error());
  auto format = find_picture_type(bytes).format;
  if (format == std::string_view{"tiff"})
    if (auto fits = check_tiff(bytes); !fits)
      return std::move(fits.error());
  image header{vips_image_new_from_buffer(
    bytes.data(), bytes.size(), "", "access", VIPS_ACCESS_SEQUENTIAL, "fail_on",
    fail_on_of(limits), nullptr)};
  if (!header)
    return vips_failure(ec::bad_input,
                        std::string{"header of the "} + format + " is broken");
  if (auto fits = check_pixels(header, limits); !fits)
    return std::move(fits.error());
  if (auto fits = check_coding(header, format); !fits)
    return std::move(fits.error());
  return describe(header, format, bytes.size());
}

} // namespace darkroom
