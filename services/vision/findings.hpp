/// What the local analyser measures in a picture, before wording.hpp turns it
/// into words.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// One of the picture's main colors.
struct color_share {
  std::string name; ///< "sky blue"
  std::string hex;  ///< "#87b6e0"
  double share = 0; ///< share of the picture, 0 to 1
};

/// Light and color of the whole picture.
struct tone_findings {
  double brightness = 0;   ///< mean lightness, 0 to 1
  double contrast = 0;     ///< standard deviation of the lightness, 0 to 1
  double colorfulness = 0; ///< Hasler and Süsstrunk: 0 grey, 100 very strong
  double warmth = 0;       ///< mean of Lab's b, about -1 (cold) to 1 (warm)
  double sharpness = 0;    ///< variance of the Laplacian, 8-bit levels squared;
                           ///< 0 if the picture is too small to tell
};

/// Where the eye goes, and the layout of the picture.
struct layout_findings {
  std::string orientation;  ///< landscape, portrait, square or panorama
  std::string aspect_ratio; ///< "3:2", or "1.62:1" if it is not a common one
  std::string focal_point;  ///< "upper left" … "center"; empty if none
  double focal_x = 0.5;     ///< 0 = left, 1 = right
  double focal_y = 0.5;     ///< 0 = top, 1 = bottom
};

/// A part of the picture, as shares of its width and height.
struct box {
  double x = 0, y = 0, width = 0, height = 0;
};

/// A thing that was recognised.
struct seen_object {
  std::string name; ///< "dog", "wine glass"
  double score = 0; ///< how sure it is, 0 to 1
  box area;
};

/// What EXIF says.
struct exif_findings {
  std::string camera;   ///< "Canon EOS 5D"; may be empty
  std::string year;     ///< "2024"; may be empty
  std::string month;    ///< "July"; may be empty
  std::string exposure; ///< "f/2.8, 1/125 s, ISO 100, 50 mm"; may be empty
  bool has_place = false;
  bool flash = false;
};

/// All findings about one picture.
struct findings {
  std::vector<color_share> colors; ///< largest first
  tone_findings tone;
  layout_findings layout;
  std::vector<seen_object> objects; ///< surest first
  std::vector<box> faces;           ///< largest first
  std::string text;                 ///< read in the picture; a stranger's
  bool has_low_sun = false;         ///< as at sunset or sunrise
  exif_findings exif;
  std::string format;
  uint32_t width = 0;  ///< of the original, pixels
  uint32_t height = 0; ///< of the original, pixels
};

} // namespace darkroom
