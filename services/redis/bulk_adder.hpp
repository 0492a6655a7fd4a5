/// Adds many jobs fast: in batches, of which several are under way at once.
#pragma once

#include "services/redis/job_queue.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// What a bulk add did so far.
struct bulk_report {
  uint64_t added = 0;   ///< jobs that Redis has confirmed
  uint64_t existed = 0; ///< of these, jobs that were there already
  std::string first_id; ///< of the first and the newest job
  std::string last_id;
};

/// Not thread-safe. The queue must outlive this object, and must do nothing
/// else until `finish`. A batch is added whole or not at all; after an error,
/// no later batch is added.
class bulk_adder {
public:
  explicit bulk_adder(job_queue& queue) : queue_(queue) {}

  /// Takes a job; sends it once a batch is full.
  status add(new_job job);

  /// Sends the rest and waits until Redis has confirmed all jobs.
  status finish();

  const bulk_report& report() const {
    return report_;
  }

private:
  status send();
  status confirm();

  job_queue& queue_;
  std::vector<new_job> batch_;
  size_t on_their_way_ = 0; ///< batches
  bulk_report report_;
};

} // namespace darkroom
