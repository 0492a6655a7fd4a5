/// The look-up of one image.
#pragma once

#include "services/catalog/database.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// Runs `sql`, which selects one row of an image, and returns that row.
/// @param sql with the image's id as `$1`
/// @returns ec::not_found with the id if there is no such row
result<statement> find_image(database& db, std::string_view sql,
                             const std::string& id);

} // namespace darkroom
