#include "services/storage/picture_type.hpp"

#include <algorithm>
#include <cctype>

namespace darkroom {

namespace {

using std::string_view_literals::operator""sv;

struct signature {
  std::string_view bytes;
  const char* extension;
  const char* what;
};

constexpr signature signatures[] = {
  {"\xff\xd8\xff"sv, "jpg", "a JPEG"},
  {"\x89PNG\r\n\x1a\n"sv, "png", "a PNG"},
  {"GIF87a"sv, "gif", "a GIF"},
  {"GIF89a"sv, "gif", "a GIF"},
  {"II*\0"sv, nullptr, "a TIFF or a camera's raw picture"},
  {"MM\0*"sv, nullptr, "a TIFF or a camera's raw picture"},
  {"II+\0"sv, nullptr, "a TIFF"},
  {"MM\0+"sv, nullptr, "a TIFF"},
  {"BM"sv, nullptr, "a BMP"},
  {"\xff\x0a"sv, nullptr, "a JPEG XL"},
  {"\0\0\0\x0cJXL "sv, nullptr, "a JPEG XL"},
  {"\0\0\0\x0cjP  "sv, nullptr, "a JPEG 2000"},
  {"8BPS"sv, nullptr, "a Photoshop file"},
  {"\0\0\1\0"sv, nullptr, "an icon (ICO)"},
  {"%PDF-"sv, nullptr, "a PDF"},
  {"%!PS"sv, nullptr, "a PostScript file"},
  {"PK\3\4"sv, nullptr, "a ZIP archive"},
  {"\x1f\x8b"sv, nullptr, "a gzip archive"},
  {"\x1a\x45\xdf\xa3"sv, nullptr, "a video (Matroska or WebM)"},
  {"ID3"sv, nullptr, "a sound (MP3)"},
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
      return {nullptr, "a HEIC"};
  if (has("crx "))
    return {nullptr, "a camera's raw picture"};
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

const char* const readable_pictures = "JPEG, PNG, WebP, AVIF or GIF";

picture_type find_picture_type(std::string_view head) {
  head = head.substr(0, picture_head_bytes);
  if (head.empty())
    return {nullptr, "empty"};
  for (const auto& x : signatures)
    if (head.substr(0, x.bytes.size()) == x.bytes)
      return {x.extension, x.what};
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

} // namespace darkroom
