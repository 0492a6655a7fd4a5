#include "services/imaging/ends_early.hpp"

#include "services/imaging/jpeg_mend.hpp"
#include "services/imaging/tiff_look.hpp"

#include <cstdint>

namespace darkroom {

namespace {

using namespace std::string_view_literals;

constexpr auto png_signature = "\x89PNG\r\n\x1a\n"sv;
constexpr std::string_view tiff_signatures[] = {"II*\0"sv, "MM\0*"sv, "II+\0"sv,
                                                "MM\0+"sv};

bool begins(std::string_view bytes, std::string_view with) {
  return bytes.substr(0, with.size()) == with;
}

uint64_t byte_at(std::string_view bytes, size_t at) {
  return at < bytes.size() ? static_cast<uint8_t>(bytes[at]) : 0;
}

uint64_t big_endian(std::string_view bytes, size_t at, size_t count) {
  uint64_t number = 0;
  for (size_t i = 0; i < count; ++i)
    number = number << 8 | byte_at(bytes, at + i);
  return number;
}

// Each chunk has length, name, content and checksum; the last one is IEND.
bool png_ends_early(std::string_view bytes) {
  for (size_t at = png_signature.size(); at + 8 <= bytes.size();) {
    if (bytes.substr(at + 4, 4) == "IEND")
      return false;
    at += 12 + big_endian(bytes, at, 4);
  }
  return true;
}

// The file begins with "RIFF", the length of the rest (little endian), "WEBP".
bool webp_ends_early(std::string_view bytes) {
  uint64_t rest = 0;
  for (size_t i = 8; i-- > 4;)
    rest = rest << 8 | byte_at(bytes, i);
  return 8 + rest > bytes.size();
}

// Each box has length, name and content. Length 1 means that the real length
// follows, 0 that the box goes to the end. Pixels are in "mdat" or in "meta".
bool avif_ends_early(std::string_view bytes) {
  auto has_pixels = false;
  size_t at = 0;
  while (at + 8 <= bytes.size()) {
    auto size = big_endian(bytes, at, 4);
    has_pixels |= bytes.substr(at + 4, 4) == "mdat";
    if (size == 1)
      size = big_endian(bytes, at + 8, 8);
    if (size < 8)
      return false; // goes to the end, or is broken
    if (bytes.substr(at + 4, 4) == "meta")
      has_pixels |= bytes.substr(at, size).find("idat") != bytes.npos;
    if (size > bytes.size() - at)
      return true;
    at += size;
  }
  return !has_pixels;
}

// After the screen's description come blocks. Each is a chain of parts that
// begin with their length in one byte. ';' ends the file.
class gif_walk {
public:
  explicit gif_walk(std::string_view bytes) : bytes_(bytes) {}

  bool ends_early() {
    at_ = 13 + table_bytes(10);
    while (at_ < bytes_.size()) {
      auto kind = bytes_[at_];
      if (kind == '!') // an extension and its label
        at_ += 2;
      else if (kind == ',') // a frame: its colours and code size
        at_ += 11 + table_bytes(at_ + 9);
      else
        return false; // the end, or junk
      while (byte_at(bytes_, at_) != 0)
        at_ += 1 + byte_at(bytes_, at_);
      ++at_;
    }
    return true;
  }

private:
  // The size of the table of colours that the flags at `at` announce.
  size_t table_bytes(size_t at) const {
    auto flags = byte_at(bytes_, at);
    return flags & 0x80 ? size_t{3} << ((flags & 7) + 1) : 0;
  }

  std::string_view bytes_;
  size_t at_ = 0;
};

// Whether there are too few bytes to tell the format.
bool is_begun(std::string_view bytes) {
  for (auto signature : {png_signature, "GIF89a"sv, "GIF87a"sv, "RIFF"sv})
    if (bytes.size() < signature.size() && begins(signature, bytes))
      return true;
  return false;
}

} // namespace

bool ends_early(std::string_view bytes) {
  if (bytes.empty())
    return false;
  if (is_jpeg(bytes))
    return !look_at_jpeg(bytes).has_end;
  if (begins(bytes, png_signature))
    return png_ends_early(bytes);
  if (begins(bytes, "GIF8"))
    return gif_walk{bytes}.ends_early();
  if (begins(bytes, "RIFF")
      && (bytes.size() < 12 || bytes.substr(8, 4) == "WEBP"))
    return webp_ends_early(bytes);
  for (auto signature : tiff_signatures)
    if (begins(bytes, signature))
      return look_at_tiff(bytes).ends_early;
  if (bytes.size() >= 8 && bytes.substr(4, 4) == "ftyp")
    return avif_ends_early(bytes);
  return is_begun(bytes);
}

} // namespace darkroom
