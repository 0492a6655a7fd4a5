#include "services/imaging/tiff_look.hpp"

#include "services/storage/tiff_numbers.hpp"

#include <algorithm>

namespace darkroom {

namespace {

// TIFF 6.0: "II" (little endian) or "MM", 42, the offset of the first
// directory. A directory is a count, entries, and the offset of the next one,
// or 0. An entry is tag, type, count, and a value, or its offset if it does not
// fit. In a BigTIFF (43), counts and offsets have eight bytes.
enum tag : uint64_t {
  strip_offsets = 273,
  samples_per_pixel = 277,
  strip_bytes = 279,
  tile_offsets = 324,
  tile_bytes = 325,
};

// Strips or tiles that are looked at: hostile files claim millions.
constexpr uint64_t max_looked = 100000;

class tiff_walk {
public:
  explicit tiff_walk(std::string_view bytes)
    : bytes_(bytes),
      numbers_(bytes),
      is_big_(number(2, 2) == 43) {}

  tiff_structure run() {
    tiff_structure found;
    auto at = is_big_ ? number(8, 8) : number(4, 4);
    look_for_pixels(at, found);
    while (at != 0 && is_inside(at) && found.pages <= max_tiff_pages) {
      ++found.pages;
      auto count = number(at, count_size());
      at = number(at + count_size() + count * entry_size(), offset_size());
    }
    return found;
  }

private:
  // A list of numbers in a directory.
  struct number_list {
    uint64_t at = 0;
    uint64_t count = 0;
    size_t size = 0; ///< bytes of each
  };

  size_t count_size() const {
    return is_big_ ? 8 : 2;
  }
  size_t offset_size() const {
    return is_big_ ? 8 : 4;
  }
  size_t entry_size() const {
    return is_big_ ? 20 : 12;
  }

  bool is_inside(uint64_t at) const {
    return at < bytes_.size();
  }

  uint64_t number(uint64_t at, size_t size) const {
    return numbers_.at(at, size);
  }

  // Bytes of a number of this type.
  static size_t size_of(uint64_t type) {
    switch (type) {
      case 1: // byte
      case 7: // undefined
        return 1;
      case 3: // short
        return 2;
      case 4:  // long
      case 13: // directory
        return 4;
      default:
        return 8;
    }
  }

  number_list list(uint64_t directory, uint64_t one, uint64_t other) const {
    auto entries = number(directory, count_size());
    for (uint64_t i = 0; i < entries; ++i) {
      auto at = directory + count_size() + i * entry_size();
      if (!is_inside(at))
        break;
      auto found = number(at, 2);
      if (found != one && found != other)
        continue;
      auto type = number(at + 2, 2);
      auto size = size_of(type);
      auto count = number(at + 4, offset_size());
      auto value = at + 4 + offset_size();
      auto fits = count <= offset_size() / size;
      return {fits ? value : number(value, offset_size()), count, size};
    }
    return {};
  }

  void look_for_pixels(uint64_t directory, tiff_structure& to) const {
    to.ends_early = true;
    if (!is_inside(directory + count_size()))
      return;
    auto samples = list(directory, samples_per_pixel, samples_per_pixel);
    if (samples.count == 1)
      to.channels = number(samples.at, samples.size);
    auto offsets = list(directory, strip_offsets, tile_offsets);
    auto sizes = list(directory, strip_bytes, tile_bytes);
    if (!is_inside(offsets.at) || !is_inside(sizes.at))
      return;
    to.ends_early = false;
    auto count = std::min({offsets.count, sizes.count, max_looked});
    for (uint64_t i = 0; i < count; ++i) {
      auto at = number(offsets.at + i * offsets.size, offsets.size);
      auto size = number(sizes.at + i * sizes.size, sizes.size);
      if (size == 0) // pixels that were never written
        continue;
      to.lacks_pixels |= at >= bytes_.size();
      to.ends_early |= at > bytes_.size() || size > bytes_.size() - at;
    }
  }

  std::string_view bytes_;
  tiff_numbers numbers_;
  bool is_big_;
};

} // namespace

tiff_structure look_at_tiff(std::string_view bytes) {
  return tiff_walk{bytes}.run();
}

} // namespace darkroom
