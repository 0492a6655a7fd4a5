/// What the codec process finds out about a picture and makes from it: plain
/// values that it shares with its client.
#pragma once

#include "config/picture_format.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// What a picture's header says, before any pixel is decoded. A string is empty
/// if the header does not say.
struct picture_facts {
  std::string format;       ///< as [imaging] formats names it: "jpeg"
  uint64_t file_size = 0;   ///< bytes, encoded
  uint32_t width = 0;       ///< pixels, as shown (after turning upright)
  uint32_t height = 0;      ///< pixels, as shown
  uint32_t orientation = 1; ///< EXIF 1..8; 6 = stored turned by 90 degrees
  uint32_t frames = 1;      ///< only the first is used
  bool has_alpha = false;
  std::string icc_profile;  ///< its description: "Adobe RGB (1998)"
  std::string camera_make;  ///< EXIF Make
  std::string camera_model; ///< EXIF Model
  std::string taken_at;     ///< EXIF date, "2018:05:31 19:02:11", no time zone
};

/// Decoded pixels.
struct raw_picture {
  uint32_t width = 0;          ///< pixels
  uint32_t height = 0;         ///< pixels
  std::vector<uint8_t> pixels; ///< height x width x 3, 8 bit, sRGB, R first
};

/// The longer edge of the picture that marks are computed from.
inline constexpr uint32_t marks_edge = 64;

/// What analysers need, from one decode: upright, with alpha laid on white.
struct picture_analysis {
  picture_facts facts;
  raw_picture small;       ///< longer edge <= imaging.analysis_edge
  std::string vision_jpeg; ///< JPEG file, longer edge <= imaging.vision_edge
};

/// A file that the codec made, still in memory.
struct encoded_file {
  uint32_t width = 0;  ///< pixels
  uint32_t height = 0; ///< pixels
  std::string bytes;
};

/// One encoded size of a picture. A picture that is narrower than several
/// widths is encoded once for all of them.
struct encoded_variant {
  std::vector<std::string> types; ///< "lg", "md", "sm"; never empty
  picture_format format = picture_format::webp;
  encoded_file file;
  std::chrono::milliseconds took{0}; ///< to encode it, at least 1
};

} // namespace darkroom
