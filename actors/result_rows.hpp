/// Results without a catalog: they travel in the job's return value.
#pragma once

#include "messages/records.hpp"

#include <string>

namespace darkroom {

/// The return value with what the rows hold: `metadata`, `variants` (a list of
/// files instead of their number) or `embedding`, as JSON.
/// @param value JSON; anything but an object is returned unchanged
std::string with_rows(const std::string& value, const image_commit& rows);

} // namespace darkroom
