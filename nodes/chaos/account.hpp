/// The account of a chaos run: the jobs that were added, how they ended, and
/// what was done to the cluster meanwhile. Does no I/O.
#pragma once

#include "nodes/chaos/plan.hpp"
#include "services/redis/event_log.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace darkroom {

/// p50, p99 and the maximum of some times, in ms.
struct time_spread {
  size_t count = 0;
  int64_t p50 = 0;
  int64_t p99 = 0;
  int64_t max = 0;
};

/// @param times in any order
time_spread spread_of(std::vector<int64_t> times);

/// The result of a run. It counts only the jobs that the run added itself.
struct chaos_verdict {
  uint64_t added = 0; ///< and acknowledged by Redis
  uint64_t completed = 0;
  uint64_t failed = 0;       ///< for good
  uint64_t started_anew = 0; ///< starts beyond each job's first
  uint64_t burned = 0;       ///< attempts counted beyond the one a job needs
  std::vector<std::string> lost;       ///< gone, and never ended
  std::vector<std::string> doubled;    ///< completed more than once
  std::vector<std::string> unfinished; ///< still there, and not ended in time
  /// Their hashes say that they ended, but the stream was trimmed before it
  /// told.
  std::vector<std::string> unseen;
  std::map<std::string, uint64_t> deeds; ///< by kind of action
  time_spread recovery;
  uint64_t unrecovered = 0; ///< actions after which no job moved on

  /// Whether no job was lost, doubled, unfinished or unseen.
  bool is_good() const;
};

/// A job's hash at the end.
struct job_facts {
  bool is_there = false;
  bool has_ended = false;
  uint32_t attempts_made = 0;
};

/// Not thread-safe. Times are ms by Redis's clock.
class chaos_account {
public:
  /// Redis has acknowledged the job.
  void added(const std::string& id);

  /// Takes an entry of the queue's event stream, before or after `added`.
  void enter(const queue_event& what);

  /// `worker:events` reported that a node runs the job.
  void runs_on(const std::string& id, const std::string& node);

  /// An action was done.
  void acted(const plan_step& step, int64_t at);

  /// Takes what the job's hash says at the end.
  void looked(const std::string& id, const job_facts& facts);

  /// Jobs that were added and, as far as is known, have not ended.
  std::vector<std::string> open() const;

  /// All jobs that were added.
  std::vector<std::string> all() const;

  chaos_verdict judge() const;

private:
  struct entry {
    bool is_added = false;
    std::string node; ///< where it ran last
    std::vector<int64_t> starts;
    std::vector<int64_t> completions;
    uint32_t failures = 0;
    bool has_facts = false;
    job_facts facts;

    bool has_ended() const {
      return !completions.empty() || failures > 0;
    }
  };

  struct deed {
    plan_step step;
    int64_t at = 0;
    std::vector<std::string> victims; ///< jobs that ran on the target
  };

  void judge_job(const std::string& id, const entry& x,
                 chaos_verdict& out) const;
  int64_t recovery_of(const deed& x) const;
  int64_t next_harm_to(const deed& x) const;

  std::map<std::string, entry> jobs_;
  std::vector<deed> deeds_; ///< in the order of their times
};

} // namespace darkroom
