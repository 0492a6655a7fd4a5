/// An image's status, derived from its parts. Only this file decides it.
#pragma once

#include "messages/image_part.hpp"
#include "messages/result.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// The status of an image, and of each of its parts.
enum class work_status { pending, processing, completed, failed };

/// The name that is stored and shown ("processing").
const char* to_string(work_status status);

/// The status of that name; pending for any other text.
work_status to_work_status(std::string_view name);

/// Failed if any part failed; else completed once every awaited part is; else
/// processing as soon as any part was begun.
work_status derive_status(const per_part<work_status>& parts);

/// The part of an image with this name in the catalog.
/// @returns ec::catalog_failed with the name if this program does not know it
result<image_part> read_part(std::string_view name, std::string_view image_id);

} // namespace darkroom
