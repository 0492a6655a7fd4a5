/// What a vision analyser gets of a picture.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace darkroom {

/// A picture as the codec process returns it: decoded, upright, sRGB.
struct vision_input {
  /// The small picture: height x width x 3 (red, green, blue), 8 bit, rows
  /// without gaps. For `local_vision`.
  std::string rgb;
  uint32_t width = 0;  ///< pixels, of `rgb`
  uint32_t height = 0; ///< pixels, of `rgb`

  std::string jpeg; ///< an encoded copy for `openai_vision`
  /// Makes the copy with half its longer edge, for a provider that refuses
  /// `jpeg` as too large. Empty: there is none.
  std::function<result<std::string>()> smaller;

  uint32_t original_width = 0;  ///< pixels, upright
  uint32_t original_height = 0; ///< pixels, upright
  std::string original_format;  ///< "jpeg", "png", …

  /// EXIF by tag: the plain name ("Model") or libvips' ("exif-ifd0-Model").
  std::map<std::string, std::string> exif;

  std::string file_name; ///< of the original, without folders
};

} // namespace darkroom
