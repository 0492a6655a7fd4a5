/// The numbers in a TIFF file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace darkroom {

/// Reads numbers in the byte order that the file begins with: "II" is little
/// endian, "MM" is big endian. Does not own the bytes.
class tiff_numbers {
public:
  explicit tiff_numbers(std::string_view bytes)
    : bytes_(bytes),
      is_little_(bytes.substr(0, 2) == "II") {}

  /// The number of `size` bytes (at most 8) at `at`. Bytes beyond the end of
  /// the file are 0.
  uint64_t at(uint64_t at, size_t size) const {
    uint64_t out = 0;
    for (size_t i = 0; i < size; ++i) {
      auto from = at + (is_little_ ? size - 1 - i : i);
      auto byte = from < bytes_.size() ? bytes_[from] : '\0';
      out = out << 8 | static_cast<unsigned char>(byte);
    }
    return out;
  }

private:
  std::string_view bytes_;
  bool is_little_;
};

} // namespace darkroom
