/// The rows of a finished run. All statements are upserts, so repeating them
/// changes nothing. Call within a transaction.
#pragma once

#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/catalog/database.hpp"

#include <cstdint>

namespace darkroom {

/// Checks that the rows belong to their part. @returns ec::internal if not.
status check_rows(const image_commit& rows);

/// Writes the rows of `rows.part`. The image and its part must exist.
status put_rows(database& db, const image_commit& rows, int64_t now);

} // namespace darkroom
