/// `[[variants]]`: which files become of a picture.
#pragma once

#include "config/picture_format.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// How a picture fills the box of a variant. It is never enlarged.
enum class picture_fit : uint8_t {
  inside, ///< as large as the box allows, whole
  cover,  ///< fills the box; what stands out is cut off on both sides
};

/// "inside", "cover"
constexpr const char* to_string(picture_fit fit) {
  return fit == picture_fit::cover ? "cover" : "inside";
}

/// One size of a picture, in one or more formats.
struct variant_recipe {
  std::string name;    ///< "lg": 1 to 32 of a-z, 0-9, '-' and '_'
  uint32_t width = 0;  ///< pixels; 0 if only the height counts
  uint32_t height = 0; ///< pixels; 0 if only the width counts
  picture_fit fit = picture_fit::inside;
  std::vector<picture_format> formats;
  std::optional<uint32_t> quality = {}; ///< 1..100; else that of [imaging]
};

/// The longest edge that WebP can have; other files get the same limit.
inline constexpr uint32_t max_encoded_edge = 16383;

/// More sizes than anybody shows; each costs an encode per format.
inline constexpr size_t max_recipes = 32;

/// The seed's three widths.
inline const std::vector<variant_recipe> default_recipes{
  {.name = "lg",
   .width = 1920,
   .formats = {picture_format::webp, picture_format::avif}},
  {.name = "md",
   .width = 1024,
   .formats = {picture_format::webp, picture_format::avif}},
  {.name = "sm",
   .width = 640,
   .formats = {picture_format::webp, picture_format::avif}}};

/// For people: "lg: 1920 wide, webp and avif", …
std::string describe(const variant_recipe& recipe);

/// A key of a `[[variants]]` table, for the reference.
struct variant_key {
  std::string name;
  std::string allowed;
  std::string about;
};

/// All of them.
const std::vector<variant_key>& variant_keys();

} // namespace darkroom
