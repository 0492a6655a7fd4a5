/// The parts of an image, and what the rest of the program knows about each. To
/// add a part, add an enumerator and its case below; the compiler then names
/// all other places.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace darkroom {

/// What a job makes from an image. Append only: the numbers travel between
/// nodes.
enum class image_part : uint8_t { metadata, variants, embedding };

/// How one part differs from the others.
struct part_rules {
  const char* name = ""; ///< as the catalog stores it and the API shows it
  /// Whether an image is completed only once this part is.
  bool is_awaited = true;
  /// Whether another job adds the job that makes this part. The jobs of all
  /// other parts are added with the upload and read the picture's file.
  bool is_chained = false;
  /// Whether its job stages files, which are removed when the job fails.
  bool has_files = false;
};

/// The rules of a part. An unknown number gets rules with an empty name.
constexpr part_rules rules_of(image_part part) {
  part_rules out;
  switch (part) {
    case image_part::metadata:
      out.name = "metadata";
      out.is_awaited = false; // the embedding is made from it, and is awaited
      break;
    case image_part::variants:
      out.name = "variants";
      out.is_awaited = false; // search and the page work without them
      out.has_files = true;
      break;
    case image_part::embedding:
      out.name = "embedding";
      out.is_chained = true;
      break;
  }
  return out;
}

constexpr const char* to_string(image_part part) {
  return rules_of(part).name;
}

/// The number of parts: the first number without a name ends the count.
constexpr size_t count_image_parts() {
  size_t n = 0;
  while (*to_string(static_cast<image_part>(n)) != '\0')
    ++n;
  return n;
}

/// One value per part; the index is the part's number.
template <class T>
using per_part = std::array<T, count_image_parts()>;

/// All parts in the order of their numbers.
constexpr per_part<image_part> all_image_parts() {
  per_part<image_part> out{};
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<image_part>(i);
  return out;
}

/// Whether a number that came from another node names a part.
constexpr bool is_known(image_part part) {
  return static_cast<size_t>(part) < count_image_parts();
}

/// The part with this name; nothing for any other text.
constexpr std::optional<image_part> to_image_part(std::string_view name) {
  for (auto part : all_image_parts())
    if (name == to_string(part))
      return part;
  return std::nullopt;
}

} // namespace darkroom
