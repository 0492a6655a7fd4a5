/// What actors tell each other besides jobs, outcomes and permits.
#pragma once

#include "messages/job.hpp"
#include "messages/settlement.hpp"
#include "messages/versioned.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// A pool offers its slots, and says what it still runs.
struct pool_hello {
  std::string node;
  uint32_t slots = 0;
  std::vector<job>
    running; ///< claimed earlier, not yet settled as far as it knows
  std::vector<std::string> job_types = {}; ///< it runs these; empty = all
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, pool_hello& x) {
  return versioned(f, "pool_hello", x, x.node, x.slots, x.running, x.job_types);
}

/// The state of the DISPATCHER's work.
struct dispatch_status {
  int64_t last_fetch = 0; ///< ms; when Redis last answered a claim; 0 = never
  uint32_t slots = 0;     ///< of all pools
  uint32_t running = 0;   ///< jobs
  uint32_t unsettled = 0; ///< jobs whose end is not in Redis yet
  /// Why the last request to Redis failed; empty: it succeeded.
  std::string trouble = {};
  int64_t oldest_start = 0; ///< ms; of the jobs that run; 0 = none runs
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, dispatch_status& x) {
  return versioned(f, "dispatch_status", x, x.last_fetch, x.slots, x.running,
                   x.unsettled, x.trouble, x.oldest_start);
}

struct job_batch {
  std::vector<job> jobs;
  /// Serials of the pool's outcomes that are settled or void.
  std::vector<uint64_t> settled = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_batch& x) {
  return versioned(f, "job_batch", x, x.jobs, x.settled);
}

struct outcome_batch {
  std::vector<outcome> outcomes;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, outcome_batch& x) {
  return versioned(f, "outcome_batch", x, x.outcomes);
}

struct update_batch {
  std::vector<job_update> updates;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, update_batch& x) {
  return versioned(f, "update_batch", x, x.updates);
}

/// An operator cancels these jobs.
struct cancel_jobs {
  std::vector<std::string> ids;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, cancel_jobs& x) {
  return versioned(f, "cancel_jobs", x, x.ids);
}

/// Stops these runs of jobs: they lost their leases, an operator asked, or a
/// drain ends.
struct cancel_runs {
  std::vector<lease_key> runs;
  /// How long the jobs may take to end on request before the codec process is
  /// killed; 0 kills it now.
  int64_t grace_ms = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, cancel_runs& x) {
  return versioned(f, "cancel_runs", x, x.runs, x.grace_ms);
}

/// Ids, or the reason why they are not known.
struct id_list {
  std::string failure; ///< not empty: `ids` says nothing
  std::vector<std::string> ids;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, id_list& x) {
  return versioned(f, "id_list", x, x.failure, x.ids);
}

struct renew_leases {
  std::vector<lease_key> leases;
  std::vector<uint32_t> attempts; ///< one per lease
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, renew_leases& x) {
  return versioned(f, "renew_leases", x, x.leases, x.attempts);
}

/// Gives back jobs that are locked by a token with this prefix and that nobody
/// runs.
struct return_orphans {
  std::string token_prefix;
  std::vector<std::string> running;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, return_orphans& x) {
  return versioned(f, "return_orphans", x, x.token_prefix, x.running);
}

/// Blocks until there may be work, then claims for `slots` free slots.
struct watch_request {
  std::string token;
  uint32_t slots = 0;
  int64_t deadline = 0; ///< ms; at this time it claims in any case
  std::vector<slot_group> groups = {}; ///< see store_step
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, watch_request& x) {
  return versioned(f, "watch_request", x, x.token, x.slots, x.deadline,
                   x.groups);
}

/// How a drain ended.
struct drain_report {
  uint32_t handed_back = 0; ///< jobs that did not finish within the grace time
  uint32_t stranded = 0;    ///< jobs that could not be handed back
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, drain_report& x) {
  return versioned(f, "drain_report", x, x.handed_back, x.stranded);
}

/// What a job did to an image's part, for the catalog.
struct part_note {
  attempt_stamp stamp;
  std::string image_id;
  std::string file_path;
  image_part part{};
  std::string error; ///< not empty: the part failed for good
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, part_note& x) {
  return versioned(f, "part_note", x, x.stamp, x.image_id, x.file_path, x.part,
                   x.error);
}

/// Staged files of a void result: nobody will publish them.
struct void_files {
  std::vector<staged_file> files;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, void_files& x) {
  return versioned(f, "void_files", x, x.files);
}

/// How a commit to the catalog ended.
enum class commit_status : uint8_t {
  stored,
  fenced,    ///< a later run of the job owns the part, or the job ended
  failed,    ///< the catalog or the storage refused
  superseded ///< a newer job owns the part, or the image was deleted
};

struct commit_result {
  commit_status status = commit_status::stored;
  std::string reason; ///< why it was not stored
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, commit_result& x) {
  return versioned(f, "commit_result", x, x.status, x.reason);
}

/// Catalog, queue and files contradict each other in one way, or agree again.
struct drift_alert {
  std::string drift;                 ///< the class: "stuck-processing"
  std::string state;                 ///< "found", "repaired" or "gone"
  uint64_t count = 0;                ///< that were found or repaired; 0 if gone
  std::vector<std::string> examples; ///< a few of them
  int64_t timestamp = 0;             ///< ms
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, drift_alert& x) {
  return versioned(f, "drift_alert", x, x.drift, x.state, x.count, x.examples,
                   x.timestamp);
}

/// A job failed for good.
struct final_failure {
  std::string job_id;
  std::string job_name;
  std::string image_id;
  std::string error;
  uint32_t attempts = 0;
  int64_t timestamp = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, final_failure& x) {
  return versioned(f, "final_failure", x, x.job_id, x.job_name, x.image_id,
                   x.error, x.attempts, x.timestamp);
}

} // namespace darkroom
