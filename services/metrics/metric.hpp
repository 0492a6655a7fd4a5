/// What `GET /metrics` shows. A new counter or gauge needs a name here, its row
/// in metric.cpp and a line in docs/operations.md; a test names what is
/// missing.
#pragma once

#include <cstdint>
#include <vector>

namespace darkroom {

/// Counted from the start of the process on; never falls.
enum class counter : uint8_t {
  actor_restarts,
  answers_reused,
  codecs_replaced,
  events_lost,
  events_published,
  http_failed,
  http_refused,
  http_requests,
  jobs_settled,
  provider_calls,
  provider_cost,
  provider_tokens,
  sse_dropped,
  sse_events,
  sse_kicked,
  sse_refused,
  variants_reused,
  webhooks_failed,
  webhooks_sent,
  count_ ///< how many there are
};

/// Measured as it is now.
enum class gauge : uint8_t {
  actor_age,
  actor_lag,
  actor_mailbox,
  drift,
  http_connections,
  http_pending,
  jobs_running,
  jobs_unsettled,
  jobs_without_node,
  last_fetch,
  metrics_age,
  node_clock_skew,
  nodes,
  provider_paused_until,
  provider_resting,
  queue_jobs,
  redis_up,
  slots,
  sse_clients,
  count_ ///< how many there are
};

/// How often a measure was at most so large.
enum class histogram : uint8_t {
  provider_seconds,
  count_ ///< how many there are
};

struct metric_info {
  const char* name; ///< "darkroom_<what>_<unit>"; a counter's ends in "_total"
  const char* unit; ///< of its value: "seconds", "jobs"
  const char* labels; ///< names, with commas; empty: the metric has one series
  const char* help;   ///< one sentence
};

metric_info info_of(counter which);
metric_info info_of(gauge which);
metric_info info_of(histogram which);

/// Upper bounds of a histogram's buckets, smallest first.
std::vector<double> buckets_of(histogram which);

} // namespace darkroom
