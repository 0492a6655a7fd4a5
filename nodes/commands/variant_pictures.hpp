/// The pictures that `darkroom variants` was given, and the files that it makes
/// of them.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/codec/picture.hpp"
#include "services/marks/picture_marks.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// What is asked for.
struct variant_order {
  std::vector<std::string> files; ///< as given
  std::string folder;             ///< where the variants go
  bool replaces = false;          ///< files that are there already
  uint32_t jobs = 1;              ///< pictures at once
  imaging_settings imaging;
};

/// A file that was written.
struct variant_file {
  std::string type; ///< the variant's name
  picture_format format = picture_format::webp;
  uint32_t width = 0;
  uint32_t height = 0;
  uint64_t bytes = 0;
  std::string path;
};

/// A picture that was given, and what became of it.
struct variant_picture {
  std::string path;   ///< as given
  std::string stem;   ///< "cat" of "a/cat.jpg"
  uint64_t bytes = 0; ///< of the file
  error problem;      ///< ec::none unless the picture was refused
  std::vector<variant_file> files;
  picture_marks marks;      ///< empty texts if it was refused
  uint32_t avif_effort = 0; ///< of its AVIF files
};

/// Where a variant goes: "FOLDER/STEM-lg.webp".
std::string variant_path(const variant_order& order,
                         const variant_picture& picture,
                         const std::string& type, picture_format format);

/// The pictures of an order. Those that would harm a file are refused: another
/// picture's variants, a picture that was given, or a file that is there.
std::vector<variant_picture> plan_pictures(const variant_order& order);

/// Writes the encoded files, one per variant, and lists them in the picture.
/// Afterwards, `picture.problem` says why it failed, if it did.
void write_variants(const variant_order& order,
                    const std::vector<encoded_variant>& encoded,
                    variant_picture& picture);

} // namespace darkroom
