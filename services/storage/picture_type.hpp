/// Detects the type of a file by its first bytes: names and Content-Types can
/// be wrong.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// How many bytes of a file the detection looks at.
inline constexpr size_t picture_head_bytes = 4096;

/// The type of a file.
struct picture_type {
  /// As `[imaging] formats` names it: "jpeg"; null if no build reads it.
  const char* format;
  std::string what; ///< for people: "a JPEG", "an HTML page"
};

/// @param head the first `picture_head_bytes` of a file, or all of it
picture_type find_picture_type(std::string_view head);

/// Whether the type is one of `formats`, the `[imaging] formats` that are read.
bool is_read(const picture_type& type, const std::vector<std::string>& formats);

/// The extension of a format's files, without a dot: "jpg" for "jpeg".
std::string extension_of(const std::string& format);

/// The formats for people: "JPEG, PNG or GIF".
std::string names_of(const std::vector<std::string>& formats);

} // namespace darkroom
