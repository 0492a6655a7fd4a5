/// The look-up of one image, the same for all that ask the catalog.
#pragma once

#include "services/catalog/database.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// The one row that `sql` selects of an image, ready to be read.
/// @param sql with the image's id as `$1`
/// @returns ec::not_found with the id if there is no such row
result<statement> find_image(database& db, std::string_view sql,
                             const std::string& id);

} // namespace darkroom
