/// Detects the type of a file by its first bytes: names and Content-Types can
/// be wrong.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace darkroom {

/// How many bytes of a file the detection looks at.
inline constexpr size_t picture_head_bytes = 4096;

/// The type of a file.
struct picture_type {
  const char* extension; ///< "jpg"; null if the codec cannot read it
  std::string what;      ///< for people: "a JPEG", "an HTML page"
};

/// @param head the first `picture_head_bytes` of a file, or all of it
picture_type find_picture_type(std::string_view head);

/// "JPEG, PNG, WebP, AVIF or GIF": the formats that the codec reads.
extern const char* const readable_pictures;

} // namespace darkroom
