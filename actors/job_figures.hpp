/// What `/metrics` tells about jobs, as the dispatcher sees them.
#pragma once

#include "messages/job.hpp"
#include "messages/settlement.hpp"
#include "services/metrics/metrics.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// "completed", "failed", "retried", "postponed" or "returned".
const char* outcome_of(settle_kind kind);

/// Belongs to one DISPATCHER; counts nothing without a registry. Times are ms
/// since the epoch.
class job_figures {
public:
  job_figures() = default;

  /// Names of Darkroom's own job types keep their own series, however many
  /// other names the queue has.
  /// @param counted may be null
  job_figures(metrics_ptr counted, std::string queue);

  void started(const job& work, int64_t now);

  /// Redis knows how a run ended.
  /// @param began when it was claimed
  void ended(const job& work, int64_t began, const settlement& how,
             int64_t now);

  /// The queue's limit allows no start before `until`, 0 = it allows one.
  void limited(int64_t until, int64_t now);

  void add(counter which, size_t how_many = 1);

private:
  metrics::labels labels_of(const job& work) const;

  metrics_ptr counted_;
  std::string queue_;
  int64_t limited_until_ = 0; ///< what was counted so far
};

} // namespace darkroom
