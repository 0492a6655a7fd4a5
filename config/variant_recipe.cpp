#include "config/variant_recipe.hpp"

namespace darkroom {

namespace {

std::string size_of(const variant_recipe& recipe) {
  if (recipe.height == 0)
    return std::to_string(recipe.width) + " wide";
  if (recipe.width == 0)
    return std::to_string(recipe.height) + " high";
  return std::to_string(recipe.width) + " x " + std::to_string(recipe.height);
}

} // namespace

std::string describe(const variant_recipe& recipe) {
  auto text = recipe.name + ": " + size_of(recipe);
  if (recipe.fit == picture_fit::cover)
    text += ", cover";
  for (auto format : recipe.formats)
    text += std::string{", "} + to_string(format);
  if (recipe.quality)
    text += ", quality " + std::to_string(*recipe.quality);
  return text;
}

const std::vector<variant_key>& variant_keys() {
  static const std::vector<variant_key> keys{
    {"name", "1 to 32 of a-z, 0-9, - and _", "Files and rows are called so."},
    {"width", "1 to 16383 pixels", "Widest that the variant may be."},
    {"height", "1 to 16383 pixels",
     "Highest that it may be. One of both is enough."},
    {"fit", "\"inside\", \"cover\"",
     "inside (default) keeps the whole picture; cover fills the box and cuts "
     "off "
     "what stands out on both sides. Pictures are never enlarged."},
    {"format", "\"webp\", \"avif\", \"jpeg\", or an array",
     "The default is [\"webp\", \"avif\"]; jpeg has alpha laid on white."},
    {"quality", "1 to 100",
     "For all formats of this table; the default is that of [imaging]."},
  };
  return keys;
}

} // namespace darkroom
