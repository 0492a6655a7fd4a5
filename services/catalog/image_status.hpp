/// How far an image is, derived from its three parts. Decided here and nowhere
/// else.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// Of an image and of each of its parts.
enum class work_status { pending, processing, completed, failed };

/// The three parts; one without a row is pending.
struct part_statuses {
  work_status metadata = work_status::pending;
  work_status variants = work_status::pending;
  work_status embedding = work_status::pending;
};

/// The name as stored and as shown ("processing").
const char* to_string(work_status status);

/// The status of that name; pending for any other text.
work_status to_work_status(std::string_view name);

/// Failed if any part failed; else completed once the embedding is, which ends
/// the chain (variants are independent of it); else processing as soon as any
/// part was begun.
work_status derive_status(const part_statuses& parts);

} // namespace darkroom
