/// Compares catalog, queue and files, and repairs what contradicts.
#pragma once

#include "config/clock.hpp"
#include "services/fsck/drift.hpp"
#include "services/fsck/drift_check.hpp"
#include "services/fsck/fsck_stores.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

struct fsck_options {
  std::chrono::milliseconds grace{60000}; ///< what changed within it is healthy
  bool repairs = false;                   ///< the stores must allow it
  per_drift<bool> wanted{};               ///< classes that are looked for
  /// The time between two looks at a suspect. A deletion removes an image's
  /// row, files and jobs one after the other, within a second.
  std::chrono::milliseconds between_looks{2000};
  /// The same if a job lacks its image: how late its file may come, and how
  /// slow its producer's clock may be. Never longer than the grace time.
  std::chrono::milliseconds before_job_fails{60000};
  std::function<int64_t()> now = wall_clock_ms; ///< ms since the epoch

  bool is_wanted(drift_class which) const {
    return wanted[static_cast<size_t>(which)];
  }
};

/// All classes.
per_drift<bool> every_drift();

/// Works on a live system. It reports only what two looks found alike, with the
/// queue read in between, and what nothing has changed for longer than the
/// grace time. Repairs pass the same fences as jobs. Reads page by page, and
/// keeps about 100 bytes per unfinished job, and what it suspects.
///
/// Blocks; not thread-safe. Errors are those of Redis, the catalog and the
/// uploads folder; an error ends the look.
class reconciler {
public:
  reconciler(std::unique_ptr<fsck_stores> stores, fsck_options options);

  /// Compares everything. Takes 2 s longer if something looks wrong, and a
  /// minute if a job lacks its image.
  result<drift_report> all();

  /// Compares the next part of everything, at most `most` of each kind, and
  /// looks again at what the last call suspected or found. So a finding is
  /// reported by the second call that sees it. Keeps at most 1000 findings per
  /// class.
  result<drift_report> sample(uint64_t most);

private:
  using finding_key = std::pair<drift_class, std::string>;

  fsck_look look_at(const unfinished_index& jobs, int64_t now);
  /// Keeps those that still look the same, and mends them.
  status settle(suspects& found, drift_report& report, suspects* kept);
  status look_once(uint64_t most, suspects& out);
  std::chrono::milliseconds pause_before(const suspects& found) const;
  void refuse_masses(suspects& confirmed);
  void refuse_mass(suspects& confirmed, drift_class which, size_t check,
                   const std::string& why);
  bool report_one(const suspect& x, drift_count& counts) const;
  void count_seen(drift_report& report) const;

  std::unique_ptr<fsck_stores> stores_;
  fsck_options options_;
  std::vector<std::unique_ptr<drift_check>> checks_; ///< images, jobs, files, …
  std::array<uint64_t, 3> settled_at_{}; ///< per check: seen by the last settle
  uint64_t looks_ = 0;
  std::set<finding_key> reported_; ///< by this call
  suspects known_;                 ///< of `sample`: suspected or found before
};

} // namespace darkroom
