/// What `GET /metrics` shows. A new metric needs a name here, its row in
/// counters.cpp, gauges.cpp or histograms.cpp, and a line in
/// docs/operations.md; a test names what is missing.
#pragma once

#include <cstdint>
#include <vector>

namespace darkroom {

/// Counted from the start of the process on; never falls.
enum class counter : uint8_t {
  actor_restarts,
  answers_reused,
  bullmq_completed,
  bullmq_failed,
  catalog_errors,
  codec_deaths,
  codecs_replaced,
  events_lost,
  events_published,
  http_failed,
  http_refused,
  http_requests,
  jobs,
  jobs_moved,
  jobs_orphaned,
  jobs_settled,
  jobs_stalled,
  leases_lost,
  nodes_lost,
  process_cpu,
  provider_calls,
  provider_cost,
  provider_tokens,
  queue_limited,
  queue_limited_seconds,
  sse_dropped,
  sse_events,
  sse_kicked,
  sse_refused,
  takeovers,
  trace_spans_dropped,
  trace_spans_exported,
  variant_bytes,
  variants_reused,
  webhooks_failed,
  webhooks_given_up,
  webhooks_sent,
  count_ ///< how many there are
};

/// Measured as it is now.
enum class gauge : uint8_t {
  actor_age,
  actor_lag,
  actor_mailbox,
  build_info,
  bullmq_jobs,
  drift,
  http_certificate_expiry,
  http_connections,
  http_pending,
  jobs_running,
  jobs_unsettled,
  jobs_without_node,
  last_fetch,
  main_active,
  metrics_age,
  node_clock_skew,
  node_load,
  node_memory,
  node_running,
  node_slots,
  nodes,
  oldest_running,
  oldest_waiting,
  process_max_fds,
  process_open_fds,
  process_resident,
  process_start,
  process_threads,
  process_virtual,
  provider_paused_until,
  provider_resting,
  queue_jobs,
  queue_paused,
  redis_up,
  slots,
  sse_clients,
  count_ ///< how many there are
};

/// How often a measure was at most so large.
enum class histogram : uint8_t {
  encode_seconds,
  job_duration,
  job_end_to_end,
  job_wait,
  provider_seconds,
  count_ ///< how many there are
};

struct metric_info {
  /// "darkroom_<what>_<unit>"; a counter's ends in "_total". Names that other
  /// programs gave ("bullmq_…", "process_…") are kept.
  const char* name;
  const char* unit;   ///< of its value: "seconds", "jobs"
  const char* labels; ///< names, with commas; empty: the metric has one series
  const char* help;   ///< one sentence
};

metric_info info_of(counter which);
metric_info info_of(gauge which);
metric_info info_of(histogram which);

/// Upper bounds of a histogram's buckets, smallest first.
std::vector<double> buckets_of(histogram which);

} // namespace darkroom
