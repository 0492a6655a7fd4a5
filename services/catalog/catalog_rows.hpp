/// The rows of a finished run.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Checks that the rows belong to their part. @returns ec::internal if not.
status check_rows(const image_commit& rows);

/// Writes the rows of `rows.part`. Repeating it changes nothing. The image and
/// its part must exist. Call within a transaction.
status put_rows(database& db, const image_commit& rows, int64_t now);

/// The columns that `variant_of` reads.
inline constexpr auto variant_columns
  = "variant_type, format, width, height, file_size, file_path";

/// The variant of a row whose column `first` is the first of variant_columns.
image_variant variant_of(const statement& row, int first);

/// The texts of a column with a JSON array; empty if it is none.
std::vector<std::string> words_in(const statement& row, int column);

} // namespace darkroom
