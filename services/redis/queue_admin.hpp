/// What operators do to a queue and its jobs: the same methods as BullMQ's. To
/// BullMQ's clients it looks as if one of them had called them.
#pragma once

#include "messages/settlement.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/queue_census.hpp"
#include "services/redis/removed_job.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Which jobs `queue_admin::clean` removes.
struct clean_request {
  std::string state;    ///< "waiting", "failed", …
  int64_t older_ms = 0; ///< ended (if unfinished: added) at least this long ago
  uint64_t limit = 0;   ///< oldest first; 0 = all
};

/// The queue's current state beside its counts.
struct queue_facts {
  bool paused = false;
  uint32_t concurrency = 0;         ///< of the whole fleet; 0 = no limit
  uint32_t limit_max = 0;           ///< BullMQ's global limit; 0 = none
  int64_t limit_window = 0;         ///< ms
  int64_t oldest_waiting = 0;       ///< when it was added, ms; 0 = no job waits
  std::vector<std::string> workers; ///< one name per worker; may be empty
};

/// What changes of a job; an empty member leaves it as it is.
struct job_edit {
  std::optional<std::string> data; ///< JSON
  std::optional<uint32_t> priority;
  std::optional<int64_t> delay; ///< ms from now; only of a delayed job
};

/// The limits that hold for the whole fleet, BullMQ's workers included.
struct fleet_limits {
  uint32_t concurrency = 0; ///< jobs at once; 0 = no limit
  uint32_t max = 0;         ///< starts per window; 0 = no limit
  int64_t window = 0;       ///< ms
};

/// A slice of the dead letters: `count` jobs from `offset` on, of those that
/// failed for good in [newer_than, older_than] (ms).
struct dead_page {
  int64_t newer_than = 0;
  int64_t older_than = 0;
  bool newest_first = false;
  uint64_t offset = 0;
  uint32_t count = 0;
};

/// A job that has not ended.
struct unfinished_job {
  std::string id;
  std::string data; ///< JSON
  bool is_active = false;
};

/// Not thread-safe: one connection. Every call blocks. Calls on many jobs work
/// in slices of 1000, so that no script blocks Redis for long. Times are ms
/// since the epoch. Calls fail with ec::not_found if the job does not exist,
/// and with ec::conflict if the job's state does not allow the change.
class queue_admin {
public:
  queue_admin(const redis_settings& redis, const queue_settings& queue);

  /// From now on, `sink` gets the jobs of these names that `remove`, `drain`,
  /// `clean` and `obliterate` delete before they have ended. It is called once
  /// per script, with at most 1000 jobs.
  void watch_removals(std::vector<std::string> names, removal_sink sink) {
    watched_ = std::move(names);
    on_removed_ = std::move(sink);
  }

  /// From now on, `tell` gets how many jobs a call that removes many has
  /// removed so far.
  void watch_progress(std::function<void(uint64_t)> tell) {
    on_progress_ = std::move(tell);
  }

  /// The job as it is stored.
  result<stored_job> find(const std::string& id);

  /// Its log lines, oldest first.
  result<std::vector<std::string>> logs(const std::string& id);

  /// Puts a job that has ended back in line.
  /// @param is_fresh with all its attempts; else, like in BullMQ, with the
  ///                 attempts that are left, but at least one
  status retry(const std::string& id, bool is_fresh, int64_t now);

  /// Puts a delayed job in line.
  status promote(const std::string& id, int64_t now);

  /// Changes a job that has not started.
  status edit(const std::string& id, const job_edit& what, int64_t now);

  /// Removes a job that is not running, and its children.
  status remove(const std::string& id, int64_t now);

  /// Fails a job that has not started, for good. @returns false if it runs
  result<bool> cancel(const std::string& id, int64_t now,
                      const std::string& why = cancel_reason);

  /// The jobs that have not ended whose data contain a text. Reads every
  /// unfinished job, which takes about 20 ms per thousand. A job that changes
  /// its state meanwhile is found once, unless it changes its state several
  /// times.
  result<std::vector<unfinished_job>> unfinished_with(const std::string& text);

  /// Removes waiting jobs. @returns how many
  result<uint64_t> drain(bool with_delayed, int64_t now);

  /// Removes jobs of one state; never running jobs. @returns how many
  result<uint64_t> clean(const clean_request& what, int64_t now);

  /// Pauses the queue, then removes it with all its jobs.
  /// @param is_forced also removes running jobs; otherwise running jobs give
  ///                  ec::conflict, and the queue stays paused
  status obliterate(bool is_forced, int64_t now);

  result<queue_facts> facts();

  /// Sets the limits like BullMQ's setGlobalConcurrency and setGlobalRateLimit.
  status set_limits(const fleet_limits& limits);

  /// ok if Redis holds anything of the queue; otherwise ec::not_found, naming a
  /// queue with a similar name.
  status require_queue();

  /// Dead letters: failed for good.
  result<std::vector<stored_job>> dead(const dead_page& page);

  /// How many there are in the page's range of times.
  result<uint64_t> count_dead(const dead_page& page);

private:
  /// Calls a script that changes one job. @returns its code, above 0
  result<int64_t> change(const char* script, const std::string& id, int64_t now,
                         const std::vector<std::string>& more = {});
  /// Calls a script that removes jobs, with `args` and then the watched names.
  result<redis_reply> call_removal(const char* script, redis_command args);
  /// Passes the jobs that such a script reports to the sink.
  void pass_removed(const redisReply& jobs);
  void count_removed(uint64_t more);
  result<uint64_t> remove_all(const std::string& state,
                              const std::string& until, uint64_t limit,
                              bool tells, int64_t now);

  redis_connection connection_;
  queue_census census_;
  queue_keys keys_;
  std::string name_;
  std::vector<std::string> watched_; ///< see `watch_removals`
  removal_sink on_removed_;
  std::function<void(uint64_t)> on_progress_; ///< may be empty
  uint64_t removed_ = 0; ///< by the call that removes many jobs
};

} // namespace darkroom
