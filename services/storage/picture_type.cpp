#include "services/storage/picture_type.hpp"

#include "config/words.hpp"
#include "services/storage/tiff_numbers.hpp"

#include <algorithm>
#include <cctype>
#include <cstdint>
#include <optional>

namespace darkroom {

namespace {

using namespace std::string_view_literals;

struct signature {
  std::string_view bytes;
  const char* format;
  const char* what;
};

constexpr auto raw_picture_words = "a camera's raw picture";

constexpr signature signatures[] = {
  {"\xff\xd8\xff"sv, "jpeg", "a JPEG"},
  {"\x89PNG\r\n\x1a\n"sv, "png", "a PNG"},
  {"GIF87a"sv, "gif", "a GIF"},
  {"GIF89a"sv, "gif", "a GIF"},
  {"\xff\x0a"sv, "jxl", "a JPEG XL"},
  {"\0\0\0\x0cJXL "sv, "jxl", "a JPEG XL"},
  {"IIRO"sv, nullptr, raw_picture_words}, // Olympus
  {"IIRS"sv, nullptr, raw_picture_words},
  {"MMOR"sv, nullptr, raw_picture_words},
  {"IIU\0"sv, nullptr, raw_picture_words}, // Panasonic
  {"FUJIFILMCCD-RAW"sv, nullptr, raw_picture_words},
  {"FOVb"sv, nullptr, raw_picture_words},  // Sigma
  {"\0MRM"sv, nullptr, raw_picture_words}, // Minolta
  {"BM"sv, nullptr, "a BMP"},
  {"\0\0\0\x0cjP  "sv, nullptr, "a JPEG 2000"},
  {"\xff\x4f\xff\x51"sv, nullptr, "a JPEG 2000"},
  {"II\xbc"sv, nullptr, "a JPEG XR"},
  {"8BPS"sv, nullptr, "a Photoshop file"},
  {"8BPB"sv, nullptr, "a Photoshop file"},
  {"gimp xcf"sv, nullptr, "a GIMP file"},
  {"qoif"sv, nullptr, "a QOI"},
  {"\x76\x2f\x31\x01"sv, nullptr, "an OpenEXR"},
  {"#?RADIANCE"sv, nullptr, "a Radiance picture"},
  {"DDS "sv, nullptr, "a DDS"},
  {"\0\0\1\0"sv, nullptr, "an icon (ICO)"},
  {"\0\0\2\0"sv, nullptr, "a cursor (CUR)"},
  {"icns"sv, nullptr, "an icon (ICNS)"},
  {"%PDF-"sv, nullptr, "a PDF"},
  {"%!PS"sv, nullptr, "a PostScript file"},
  {"\xc5\xd0\xd3\xc6"sv, nullptr, "a PostScript file"},
  {"PK\3\4"sv, nullptr, "a ZIP archive"},
  {"\x1f\x8b"sv, nullptr, "a gzip archive"},
  {"\x1a\x45\xdf\xa3"sv, nullptr, "a video (Matroska or WebM)"},
  {"ID3"sv, nullptr, "a sound (MP3)"},
};

// TIFF 6.0: "II" (little endian) or "MM", 42, and the offset of the first
// directory: a count, and entries of twelve bytes that begin with their tag.
class tiff_head {
public:
  explicit tiff_head(std::string_view head) : head_(head), numbers_(head) {}

  bool is_tiff() const {
    auto is_marked = head_.substr(0, 2) == "II" || head_.substr(0, 2) == "MM";
    return is_marked && head_.size() >= 4 && (number(2, 2) == 42 || is_big());
  }

  // Cameras write raw pictures as TIFFs whose first directory describes a small
  // preview, or pixels without colours yet.
  bool is_raw() const {
    if (head_.size() > 8 && head_.substr(8, 2) == "CR") // Canon
      return true;
    auto is_preview = (value(new_subfile_type).value_or(0) & 1) != 0;
    auto pixels = value(photometric).value_or(0);
    return value(dng_version) || (is_preview && value(sub_directories))
           || pixels == colour_filter || pixels == linear_raw;
  }

private:
  static constexpr uint32_t new_subfile_type = 254;
  static constexpr uint32_t photometric = 262;
  static constexpr uint32_t sub_directories = 330;
  static constexpr uint32_t dng_version = 50706;
  static constexpr uint32_t colour_filter = 32803;
  static constexpr uint32_t linear_raw = 34892;

  // BigTIFF; no camera writes it.
  bool is_big() const {
    return number(2, 2) == 43;
  }

  uint32_t number(size_t at, size_t size) const {
    return static_cast<uint32_t>(numbers_.at(at, size));
  }

  // The number in an entry of the first directory.
  std::optional<uint32_t> value(uint32_t tag) const {
    size_t directory = number(4, 4);
    if (is_big() || directory >= head_.size())
      return std::nullopt;
    auto count = number(directory, 2);
    for (uint32_t i = 0; i < count; ++i) {
      auto at = directory + 2 + size_t{12} * i;
      if (at + 12 > head_.size())
        break;
      if (number(at, 2) == tag)
        return number(at + 8, number(at + 2, 2) == 3 ? 2 : 4); // 3 = short
    }
    return std::nullopt;
  }

  std::string_view head_;
  tiff_numbers numbers_;
};

/// An ISO container lists its brand and the brands it is compatible with, of
/// four letters each. libheif decides by the same list.
picture_type container_type(std::string_view head) {
  auto byte = [head](size_t at) {
    return static_cast<size_t>(static_cast<unsigned char>(head[at]));
  };
  auto size = byte(0) << 24 | byte(1) << 16 | byte(2) << 8 | byte(3);
  auto box = head.substr(0, size);
  auto has = [box](std::string_view brand) {
    for (size_t at = 8; at + 4 <= box.size(); at += at == 8 ? 8 : 4)
      if (box.substr(at, 4) == brand)
        return true;
    return false;
  };
  if (has("avif") || has("avis"))
    return {"avif", "an AVIF"};
  for (auto brand : {"heic", "heix", "hevc", "hevx", "heim", "heis", "mif1"})
    if (has(brand))
      return {"heic", "a HEIC"};
  if (has("crx "))
    return {nullptr, raw_picture_words};
  return {nullptr, "a video (MP4 or QuickTime)"};
}

bool is_text(std::string_view head) {
  return std::none_of(head.begin(), head.end(), [](char c) {
    auto byte = static_cast<unsigned char>(c);
    return byte == 0x7f
           || (byte < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != '\f');
  });
}

picture_type text_type(std::string_view head) {
  std::string small;
  for (auto c : head.substr(0, 1024))
    small += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  auto start = small.find_first_not_of(" \t\r\n\f\xef\xbb\xbf");
  small.erase(0, std::min(start, small.size()));
  auto begins = [&small](std::string_view with) {
    return small.compare(0, with.size(), with) == 0;
  };
  if (begins("<!doctype html") || begins("<html") || begins("<head")
      || begins("<body") || begins("<script"))
    return {nullptr, "an HTML page"};
  if (begins("<svg")
      || (begins("<") && small.find("<svg") != std::string::npos))
    return {nullptr, "an SVG"};
  if (begins("<"))
    return {nullptr, "an XML text"};
  if (begins("--") && small.find("content-disposition:") != std::string::npos)
    return {nullptr, "a multipart form without its Content-Type"};
  if (begins("{") || begins("["))
    return {nullptr, "a JSON text"};
  if (begins("data:"))
    return {nullptr, "a data: URL"};
  return {nullptr, "a text"};
}

} // namespace

picture_type find_picture_type(std::string_view head) {
  head = head.substr(0, picture_head_bytes);
  if (head.empty())
    return {nullptr, "empty"};
  for (const auto& x : signatures)
    if (head.substr(0, x.bytes.size()) == x.bytes)
      return {x.format, x.what};
  if (tiff_head tiff{head}; tiff.is_tiff())
    return tiff.is_raw() ? picture_type{nullptr, raw_picture_words}
                         : picture_type{"tiff", "a TIFF"};
  if (head.substr(0, 4) == "RIFF" && head.size() >= 12)
    return head.substr(8, 4) == "WEBP"
             ? picture_type{"webp", "a WebP"}
             : picture_type{nullptr, "a sound or video (RIFF)"};
  if (head.size() >= 12 && head.substr(4, 4) == "ftyp")
    return container_type(head);
  if (is_text(head))
    return text_type(head);
  return {nullptr, "of an unknown type"};
}

bool is_read(const picture_type& type,
             const std::vector<std::string>& formats) {
  return type.format
         && std::find(formats.begin(), formats.end(), type.format)
              != formats.end();
}

std::string extension_of(const std::string& format) {
  return format == "jpeg" ? "jpg" : format == "tiff" ? "tif" : format;
}

std::string names_of(const std::vector<std::string>& formats) {
  std::vector<std::string> names;
  for (const auto& x : formats) {
    auto& name = names.emplace_back(x == "webp"  ? "WebP"
                                    : x == "jxl" ? "JPEG XL"
                                                 : "");
    if (name.empty())
      for (auto c : x)
        name += static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  }
  return joined(names, " or ");
}

} // namespace darkroom
