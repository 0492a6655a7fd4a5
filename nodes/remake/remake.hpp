/// Adds jobs that make a part of pictures again, when no other job waits.
#pragma once

#include "config/settings.hpp"
#include "messages/image_part.hpp"
#include "services/catalog/catalog_reader.hpp"

#include <nlohmann/json.hpp>

#include <cstdint>
#include <functional>
#include <string>

namespace darkroom {

/// No bound on how many pictures are made again.
inline constexpr uint64_t any_number = UINT64_MAX;

/// Which pictures, and how their jobs look.
struct remake_plan {
  image_part part{};
  std::string reason;  ///< begins the ids of the jobs: "upgrade-3"
  nlohmann::json more; ///< members of the jobs' data besides the two usual ones
  /// The pictures behind the one with this id, ordered by id, at most `limit`.
  std::function<result<std::vector<remade_image>>(
    catalog_reader&, const std::string& after, int64_t limit)>
    find;
  uint64_t most = any_number; ///< jobs that are added
};

struct remake_count {
  uint64_t added = 0;
  uint64_t existed = 0; ///< the job is in the queue already
  uint64_t missing = 0; ///< their originals are gone, so nothing was added
};

/// A picture whose job is still in the queue gets no second one.
result<remake_count> remake(const settings& config, const remake_plan& plan);

/// "; 2 others had a job already; the originals of 1 other are gone"; empty if
/// there are none.
std::string rest_of(const remake_count& count);

} // namespace darkroom
