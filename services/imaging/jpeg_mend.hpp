/// Mends flaws that every viewer tolerates, so that whatever a decoder still
/// complains about is a loss of pixels.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace darkroom {

/// Encoders write 1 to 14 scans. Each makes a decoder visit all pixels again,
/// so a file of 1 MB could take minutes.
inline constexpr uint32_t max_jpeg_scans = 100;

struct jpeg_structure {
  bool has_end = false; ///< its end marker was reached
  /// max_jpeg_scans + 1 if there are more: what follows is not looked at.
  uint32_t scans = 0;
  /// The same picture without junk between its segments, with the SOS
  /// parameters that sequential JPEGs must have (Samsung's cameras write
  /// others), and with an end marker. Empty if nothing had to be mended.
  std::string mended;
};

/// Judges by the first bytes.
bool is_jpeg(std::string_view bytes);

/// Walks the segments of a JPEG; decodes nothing.
/// @param bytes begin as a JPEG does
jpeg_structure look_at_jpeg(std::string_view bytes);

} // namespace darkroom
