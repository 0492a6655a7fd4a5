/// What a file is, by its first bytes: names and Content-Types lie.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace darkroom {

/// As much of a file as is looked at.
inline constexpr size_t picture_head_bytes = 4096;

/// What the first bytes of a file say.
struct picture_type {
  const char* extension; ///< "jpg"; null: the codec does not read it
  std::string what;      ///< for people: "a JPEG", "an HTML page"
};

/// @param head the first `picture_head_bytes` of a file, or all of it
picture_type find_picture_type(std::string_view head);

/// "JPEG, PNG, WebP, AVIF or GIF": what the codec reads.
extern const char* const readable_pictures;

} // namespace darkroom
