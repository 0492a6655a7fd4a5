/// Fills a space with vectors, by jobs at background priority.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/redis/job_queue.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

namespace darkroom {

/// What has become of the pictures so far.
struct fill_state {
  space_progress space;
  int64_t added = 0;   ///< jobs
  int64_t existed = 0; ///< jobs that an earlier call has added
  int64_t failed = 0;  ///< pictures whose job ended without a vector here

  /// Whether nothing more is to come.
  bool is_over() const {
    return space.fresh + failed >= space.images;
  }
};

/// Keeps nothing on disk: what is missing is read from the catalog, and a job's
/// id is the same until it has run, so that a filler that was killed can be
/// started again. Blocks; not thread-safe.
class space_filler {
public:
  /// @param config must outlive this object
  space_filler(const settings& config, catalog_reader& catalog,
               vector_space space);

  /// Adds jobs for pictures without a fresh vector that have none yet.
  /// @returns the errors of the catalog and of Redis
  status add_jobs();

  /// Reads how far the space is filled.
  status look();

  const fill_state& state() const {
    return state_;
  }

private:
  using outdated_page = std::vector<outdated_image>;
  status each_page(const std::function<status(const outdated_page&)>& take);
  new_job job_of(const outdated_image& image) const;
  status count_failed();

  const settings& config_;
  catalog_reader& catalog_;
  vector_space space_;
  job_queue queue_;
  fill_state state_;
  /// Image -> the stamp of its part when its job was added. It changes with the
  /// job's run.
  std::unordered_map<std::string, std::string> waiting_;
  int quiet_looks_ = 0; ///< looks in a row that found nothing new
};

} // namespace darkroom
