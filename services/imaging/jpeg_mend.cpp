#include "services/imaging/jpeg_mend.hpp"

#include <algorithm>
#include <cstdint>

namespace darkroom {

namespace {

using namespace std::string_view_literals;

// ITU T.81: a segment is 0xff, a code, a length of two bytes that includes
// itself, and content. SOI, EOI and RSTn have neither length nor content. After
// SOS come entropy coded bytes, in which 0xff is followed by 0 or RSTn.
constexpr uint8_t soi = 0xd8;
constexpr uint8_t eoi = 0xd9;
constexpr uint8_t sos = 0xda;
constexpr uint8_t sof0 = 0xc0; // baseline
constexpr uint8_t sof1 = 0xc1; // extended sequential
constexpr auto whole_spectrum = "\0\x3f\0"sv;
constexpr size_t least_sos = 10; // bytes of a SOS segment of one component

bool is_restart(uint8_t code) {
  return code >= 0xd0 && code <= 0xd7;
}

class jpeg_walk {
public:
  explicit jpeg_walk(std::string_view bytes) : bytes_(bytes) {}

  jpeg_structure run() {
    append(2); // SOI
    while (found_.scans <= max_jpeg_scans && find_marker() && take_segment()) {
    }
    if (!found_.has_end && found_.scans <= max_jpeg_scans)
      change() += "\xff\xd9"sv;
    return std::move(found_);
  }

private:
  uint8_t byte(size_t at) const {
    return at < bytes_.size() ? static_cast<uint8_t>(bytes_[at]) : 0;
  }

  // Most pictures need no change, so nothing is copied before the first one.
  std::string& change() {
    if (!is_changed_)
      found_.mended = bytes_.substr(0, at_);
    is_changed_ = true;
    return found_.mended;
  }

  void append(size_t count) {
    if (is_changed_)
      found_.mended += bytes_.substr(at_, count);
    at_ += count;
  }

  // Moves to the next marker and skips junk before it. Fill bytes before a
  // marker are legal.
  bool find_marker() {
    auto at = at_;
    auto is_junk = false;
    while (at + 1 < bytes_.size()
           && (byte(at) != 0xff || byte(at + 1) == 0 || byte(at + 1) == 0xff)) {
      is_junk |= byte(at) != 0xff;
      ++at;
    }
    if (at + 1 >= bytes_.size())
      return false;
    if (is_junk)
      change();
    at_ = at;
    return true;
  }

  // Takes a marker and its segment; false at the end.
  bool take_segment() {
    auto code = byte(at_ + 1);
    if (code == eoi) {
      append(2);
      found_.has_end = true;
      return false;
    }
    if (code == soi || is_restart(code)) {
      append(2);
      return true;
    }
    auto size = 2 + (size_t{byte(at_ + 2)} << 8 | byte(at_ + 3));
    if (size < 4 || at_ + size > bytes_.size())
      return false;
    if (code == sof0 || code == sof1)
      is_sequential_ = true;
    append(size);
    if (code == sos)
      take_scan(size);
    return true;
  }

  // Its segment ends with the parameters, after at least one component.
  void take_scan(size_t segment) {
    ++found_.scans;
    auto size = whole_spectrum.size();
    if (is_sequential_ && segment >= least_sos
        && bytes_.substr(at_ - size, size) != whole_spectrum) {
      auto& to = change();
      to.replace(to.size() - size, size, whole_spectrum);
    }
    auto end = bytes_.find('\xff', at_);
    while (end != bytes_.npos && !is_scan_end(end))
      end = bytes_.find('\xff', end + 1);
    append(std::min(end, bytes_.size()) - at_);
  }

  // A 0xff at the very end is half of a marker, not a pixel.
  bool is_scan_end(size_t at) const {
    if (byte(at) != 0xff)
      return false;
    auto next = byte(at + 1);
    return at + 1 == bytes_.size()
           || (next != 0 && next != 0xff && !is_restart(next));
  }

  std::string_view bytes_;
  size_t at_ = 0;
  bool is_sequential_ = false;
  bool is_changed_ = false;
  jpeg_structure found_;
};

} // namespace

bool is_jpeg(std::string_view bytes) {
  return bytes.substr(0, 2) == "\xff\xd8"sv; // the rest may be junk
}

jpeg_structure look_at_jpeg(std::string_view bytes) {
  return jpeg_walk{bytes}.run();
}

} // namespace darkroom
