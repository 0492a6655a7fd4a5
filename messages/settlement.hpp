/// The dispatcher's requests to the job store, and the store's answers.
#pragma once

#include "messages/job.hpp"
#include "messages/versioned.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// The failure reason of a job that an operator cancelled.
inline constexpr auto cancel_reason = "cancelled by an operator";

enum class settle_kind : uint8_t {
  complete,    ///< to `completed`
  fail,        ///< to `failed`, for good
  retry_later, ///< to `delayed`, due in `delay_ms`; counts as an attempt
  retry_now,   ///< back in line; counts as an attempt
  postpone,    ///< to `delayed`, due in `delay_ms`; not an attempt
  give_back,   ///< to the front of the line; not an attempt
};

/// Moves one job out of `active`.
struct settlement {
  std::string job_id;
  std::string token;
  uint32_t attempt = 0; ///< the job's `ats` when it was claimed: the fence
  settle_kind kind = settle_kind::complete;
  std::string value; ///< return value (JSON) or failure reason (raw text)
  int64_t delay_ms = 0;
  retention keep;
  uint32_t max_attempts = 0;
  int64_t stack_trace_limit = -1;
  bool lifo = false; ///< retry_now: to the front, if added with `lifo`
  bool codec_died = false;
  bool runner_died = false;
  std::vector<new_job> chained;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, settlement& x) {
  return versioned(f, "settlement", x, x.job_id, x.token, x.attempt, x.kind,
                   x.value, x.delay_ms, x.keep, x.max_attempts,
                   x.stack_trace_limit, x.lifo, x.codec_died, x.runner_died,
                   x.chained);
}

/// A job's lock and who holds it.
struct lease_key {
  std::string job_id;
  std::string token;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, lease_key& x) {
  return versioned(f, "lease_key", x, x.job_id, x.token);
}

/// Free slots of pools that run the same jobs.
struct slot_group {
  uint32_t slots = 0;
  std::vector<std::string> job_types; ///< names; empty = jobs of any name
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, slot_group& x) {
  return versioned(f, "slot_group", x, x.slots, x.job_types);
}

/// Writes the updates in order, settles, then claims up to `claim` jobs. This
/// takes one round trip, unless there are more than 1000 updates or 1 MB of
/// them.
struct store_step {
  std::vector<job_update> updates;
  std::vector<settlement> settle;
  uint32_t claim = 0;
  std::string token; ///< owner of the claimed jobs' locks
  /// The slots that the claimed jobs are for, those with fewest job types
  /// first; empty: any slot takes any job.
  std::vector<slot_group> groups = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, store_step& x) {
  return versioned(f, "store_step", x, x.updates, x.settle, x.claim, x.token,
                   x.groups);
}

/// How one settlement ended.
enum class settle_status : uint8_t {
  settled = 0,
  gone = 1,         ///< the job was removed: nothing to settle
  fenced = 2,       ///< another run holds the lock or claimed the job since
  not_active = 3,   ///< it left `active` by other means
  has_children = 4, ///< unfinished children
  children_failed = 5,
  broken = 6, ///< Redis cannot do what it needs: the job failed for good
};

struct store_reply {
  std::string failure;    ///< not empty: Redis failed, the rest says nothing
  bool is_unsent = false; ///< with `failure`: the claim was never sent
  std::vector<uint8_t> statuses; ///< settle_status, one per settlement
  std::vector<job> jobs;         ///< claimed
  int64_t next_due = 0;      ///< ms since epoch of the next delayed job, or 0
  int64_t limited_until = 0; ///< ms since epoch: no start before then; or 0
  std::vector<std::string> set_aside; ///< names of jobs that no slot takes
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, store_reply& x) {
  return versioned(f, "store_reply", x, x.failure, x.is_unsent, x.statuses,
                   x.jobs, x.next_due, x.limited_until, x.set_aside);
}

} // namespace darkroom
