/// A job as it travels from the store to a processor, and what comes back.
#pragma once

#include "messages/records.hpp"
#include "messages/versioned.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// How long finished jobs are kept.
struct retention {
  int64_t count = -1;   ///< the newest are kept; 0 = none, -1 = all
  int64_t age_s = 0;    ///< older ones are removed; 0 = none, -1 = all
  int64_t limit = 1000; ///< removed by age at a time; -1 = all
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, retention& x) {
  return versioned(f, "retention", x, x.count, x.age_s, x.limit);
}

enum class backoff_kind : uint8_t { none, fixed, exponential, unknown };

/// Those of a job's BullMQ options that its worker obeys.
struct job_options {
  uint32_t attempts = 0; ///< as stored; 0 means one attempt
  backoff_kind backoff = backoff_kind::none;
  int64_t backoff_ms = 0; ///< -1: never retried
  double jitter = 0;      ///< 0..1, the random share of the delay
  retention on_complete;
  retention on_fail;
  uint32_t keep_logs = 0;         ///< lines; 0 = all
  int64_t stack_trace_limit = -1; ///< entries; -1 = all
  bool lifo = false;
  int64_t delay_ms = 0; ///< that the producer wanted; only figures need it
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_options& x) {
  return versioned(f, "job_options", x, x.attempts, x.backoff, x.backoff_ms,
                   x.jitter, x.on_complete, x.on_fail, x.keep_logs,
                   x.stack_trace_limit, x.lifo, x.delay_ms);
}

/// One run of a job: claimed, locked by `token`, not yet settled.
struct job {
  std::string id;
  std::string token;          ///< owner of the lock
  std::string name;           ///< job type
  std::string data;           ///< JSON text as the producer wrote it
  int64_t timestamp = 0;      ///< when it was added, ms
  uint32_t attempt = 0;       ///< times claimed, including this one (`ats`)
  uint32_t attempts_made = 0; ///< attempts that ended earlier (`atm`)
  uint32_t priority = 0;
  uint32_t lost = 0;         ///< processors or nodes that died while running it
  uint32_t codec_deaths = 0; ///< codec processes that died on its picture
  std::string deferred_failure; ///< not empty: fail it at once with this text
  /// Jobs that still waited when it was claimed, without those of the last
  /// priority
  uint32_t waiting = 0;
  /// The trace that this run belongs to (services/trace/run_trace.hpp); empty =
  /// none
  std::string trace;
  job_options options;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job& x) {
  return versioned(f, "job", x, x.id, x.token, x.name, x.data, x.timestamp,
                   x.attempt, x.attempts_made, x.priority, x.lost,
                   x.codec_deaths, x.deferred_failure, x.waiting, x.trace,
                   x.options);
}

/// A job to add.
struct new_job {
  std::string name;
  std::string data;    ///< JSON text
  std::string options; ///< BullMQ options as a JSON object
  std::string id;      ///< empty: the queue's counter makes one
  int64_t delay_ms = 0;
  uint32_t priority = 0;
  bool lifo = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, new_job& x) {
  return versioned(f, "new_job", x, x.name, x.data, x.options, x.id, x.delay_ms,
                   x.priority, x.lifo);
}

/// Progress (JSON text) or a log line of a running job.
struct job_update {
  std::string job_id;
  std::string token;
  bool is_log = false;
  std::string value;
  uint32_t keep_logs = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, job_update& x) {
  return versioned(f, "job_update", x, x.job_id, x.token, x.is_log, x.value,
                   x.keep_logs);
}

enum class outcome_kind : uint8_t {
  completed, ///< `value` is the return value
  failed,    ///< `reason`; retried while attempts are left
  refused,   ///< `reason`; can never work, not retried
  throttled, ///< a provider asks to wait `retry_after_ms`; not an attempt
  returned,  ///< did not run to its end: goes back to the front
};

/// What became of one run of a job.
struct outcome {
  std::string job_id;
  std::string token;
  outcome_kind kind = outcome_kind::completed;
  std::string value;  ///< JSON; "$chained" in it becomes the chained job's id
  std::string reason; ///< raw text, shown to people
  int64_t retry_after_ms = 0;
  bool codec_died = false;          ///< the codec process died on its picture
  bool runner_died = false;         ///< the processor or its node died
  std::vector<new_job> chained;     ///< added together with the completion
  std::vector<image_commit> commit; ///< none or one: written before settling
  std::vector<job_update> updates;  ///< of cheap jobs: written before settling
  /// The number of this outcome in its pool, from 1. The pool keeps the outcome
  /// until it learns that it is settled. 0: the pool does not keep it.
  uint64_t serial = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, outcome& x) {
  return versioned(f, "outcome", x, x.job_id, x.token, x.kind, x.value,
                   x.reason, x.retry_after_ms, x.codec_died, x.runner_died,
                   x.chained, x.commit, x.updates, x.serial);
}

} // namespace darkroom
