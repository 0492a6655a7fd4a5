/// Job schedulers, which BullMQ's `upsertJobScheduler` makes: lists, makes,
/// changes and removes them. Workers advance them (advance_scheduler.cpp).
#pragma once

#include "config/settings.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// When jobs are added, and which. All times are ms since the epoch.
struct job_schedule {
  std::string id;
  int64_t every = 0;       ///< ms; 0: `pattern` says when
  std::string pattern;     ///< cron
  std::string tz;          ///< of the pattern; empty = of this machine
  int64_t limit = 0;       ///< jobs in all; 0 = no limit
  int64_t start = 0;       ///< not before; 0 = at once
  int64_t end = 0;         ///< not after; 0 = for ever
  std::string name;        ///< of its jobs
  std::string data = "{}"; ///< JSON
  std::string options
    = "{}"; ///< JSON, as BullMQ stores it; only what was given
};

struct listed_scheduler {
  job_schedule schedule;
  int64_t made = 0; ///< jobs so far
  int64_t next = 0; ///< when the next job is due
};

struct scheduler_page {
  std::vector<listed_scheduler> schedulers; ///< the next one first
  uint64_t total = 0;
};

/// The job that a new or changed scheduler waits for.
struct scheduled_job {
  std::string id;
  int64_t due = 0;
};

/// Not thread-safe: one connection. Every call blocks for at most the Redis
/// time limits.
class scheduler_book {
public:
  scheduler_book(const redis_settings& redis, const queue_settings& queue);

  /// Leaves out what versions before BullMQ 5 made.
  result<scheduler_page> list(uint64_t offset, uint32_t limit);

  /// Makes the scheduler, or changes the one with this id.
  /// @param immediately a pattern's first job is due now
  /// @param defaults the options of its jobs beside `what.options`, JSON
  /// @returns ec::bad_input for a schedule that never has a job, ec::conflict
  ///   if jobs have the ids of its next slots
  result<scheduled_job> put(const job_schedule& what, bool immediately,
                            const std::string& defaults, int64_t now);

  /// Removes it with its next job; a job that runs goes on.
  /// @returns ec::not_found if there is no such scheduler
  status remove(const std::string& id, int64_t now);

private:
  redis_connection connection_;
  queue_keys keys_;
};

/// When the next `count` jobs are due, as far as the schedule says; fewer at
/// its end.
std::vector<int64_t> next_runs(const listed_scheduler& of, size_t count);

} // namespace darkroom
