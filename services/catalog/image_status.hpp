/// How far an image is, derived from its parts. Decided here and nowhere else.
#pragma once

#include "messages/image_part.hpp"
#include "messages/result.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// Of an image and of each of its parts.
enum class work_status { pending, processing, completed, failed };

/// The name as stored and as shown ("processing").
const char* to_string(work_status status);

/// The status of that name; pending for any other text.
work_status to_work_status(std::string_view name);

/// Failed if any part failed; else completed once every awaited part is; else
/// processing as soon as any part was begun.
work_status derive_status(const per_part<work_status>& parts);

/// The part of an image that the catalog calls so.
/// @returns ec::catalog_failed with the name if this program knows no such part
result<image_part> read_part(std::string_view name, std::string_view image_id);

} // namespace darkroom
