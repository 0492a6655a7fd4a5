/// The table `image_marks`: one row per image whose variants were made.
#pragma once

#include "messages/known_result.hpp"
#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"

#include <cstdint>

namespace darkroom {

/// Selects the columns that `marks_of` reads.
inline constexpr auto read_marks
  = "SELECT content_hash, recipe_hash, avif_effort, blur_hash, dominant_color, "
    "perceptual_hash FROM image_marks ";

/// The marks of a row whose column `first` is the first of `read_marks`.
image_marks marks_of(const statement& row, int first);

/// Writes the marks of new variants. Removes those of older variants if the new
/// ones have none. Call within the transaction that writes the variants.
status put_marks(database& db, const image_commit& rows, int64_t now);

} // namespace darkroom
