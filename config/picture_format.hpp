/// The formats that Darkroom writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace darkroom {

enum class picture_format : uint8_t { webp, avif, jpeg };

inline constexpr picture_format all_picture_formats[]
  = {picture_format::webp, picture_format::avif, picture_format::jpeg};

/// "webp", "avif", "jpeg"
constexpr const char* to_string(picture_format format) {
  switch (format) {
    case picture_format::webp:
      return "webp";
    case picture_format::avif:
      return "avif";
    case picture_format::jpeg:
      return "jpeg";
  }
  return "";
}

/// The format with this name; nothing for any other text.
constexpr std::optional<picture_format>
to_picture_format(std::string_view name) {
  for (auto format : all_picture_formats)
    if (name == to_string(format))
      return format;
  return std::nullopt;
}

} // namespace darkroom
