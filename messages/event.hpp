/// Events that tell the web tier about jobs. Wire format: docs/redis.md.
#pragma once

#include "messages/versioned.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

enum class event_kind : uint8_t { queued, active, progress, completed, failed };

/// The event's name on the wire ("job-queued").
const char* to_string(event_kind kind);

struct worker_event {
  event_kind kind = event_kind::queued;
  std::string job_id;
  std::string job_name;
  std::string image_id;
  std::string node;
  int64_t timestamp = 0;     ///< ms
  uint64_t queue_size = 0;   ///< queued: waiting jobs
  uint32_t attempt = 0;      ///< active, failed: this one, from 1
  uint32_t max_attempts = 1; ///< active, failed
  std::string progress;      ///< progress: JSON
  int64_t duration_ms = 0;   ///< completed
  std::string error;         ///< failed
  bool is_final = false;     ///< failed: no attempt is left
  int64_t retry_in_ms = 0;   ///< failed and not final
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, worker_event& x) {
  return versioned(f, "worker_event", x, x.kind, x.job_id, x.job_name,
                   x.image_id, x.node, x.timestamp, x.queue_size, x.attempt,
                   x.max_attempts, x.progress, x.duration_ms, x.error,
                   x.is_final, x.retry_in_ms);
}

struct event_batch {
  std::vector<worker_event> events;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, event_batch& x) {
  return versioned(f, "event_batch", x, x.events);
}

} // namespace darkroom
