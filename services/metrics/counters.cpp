#include "services/metrics/metric.hpp"

namespace darkroom {

// NOLINTNEXTLINE(readability-function-size): a table, two lines per metric
metric_info info_of(counter which) {
  switch (which) {
    case counter::actor_restarts:
      return {"darkroom_actor_restarts_total", "restarts", "actor,node",
              "How often the actor was started again."};
    case counter::answers_reused:
      return {"darkroom_answers_reused_total", "answers", "resource",
              "Answers of providers that were known already, so that no call "
              "was made."};
    case counter::bullmq_completed:
      return {"bullmq_job_completed_total", "jobs", "queue",
              "Number of completed jobs, as BullMQ's own metrics count them."};
    case counter::bullmq_failed:
      return {"bullmq_job_failed_total", "jobs", "queue",
              "Number of failed jobs, as BullMQ's own metrics count them."};
    case counter::catalog_errors:
      return {"darkroom_catalog_errors_total", "requests", "operation",
              "Requests of actors that the catalog could not carry out."};
    case counter::codec_deaths:
      return {"darkroom_codec_deaths_total", "runs", "",
              "Runs of jobs whose codec process died."};
    case counter::codecs_replaced:
      return {"darkroom_codecs_replaced_total", "processes", "reason",
              "Codec processes of this node that were replaced between two "
              "pictures."};
    case counter::events_lost:
      return {"darkroom_events_lost_total", "events", "",
              "Events that Redis did not take, for the web tier to hear."};
    case counter::events_published:
      return {"darkroom_events_published_total", "events", "",
              "Events that were published in Redis."};
    case counter::http_failed:
      return {"darkroom_http_failed_total", "requests", "",
              "Requests that a bug of the server ended."};
    case counter::http_refused:
      return {"darkroom_http_refused_total", "requests", "",
              "Requests refused because all threads or connections were "
              "taken."};
    case counter::http_requests:
      return {"darkroom_http_requests_total", "requests", "",
              "Requests whose header was read."};
    case counter::jobs:
      return {"darkroom_jobs_total", "runs", "name,outcome,queue",
              "Runs of jobs, by how they ended, once Redis knew."};
    case counter::jobs_moved:
      return {"darkroom_jobs_moved_total", "jobs", "",
              "Running jobs that were taken from a node that was lost."};
    case counter::jobs_orphaned:
      return {"darkroom_jobs_orphaned_total", "jobs", "",
              "Jobs that were claimed but that no node ran, given back."};
    case counter::jobs_settled:
      return {"darkroom_jobs_settled_total", "jobs", "outcome",
              "Jobs whose run ended, once Redis knew."};
    case counter::jobs_stalled:
      return {"darkroom_jobs_stalled_total", "jobs", "",
              "Jobs whose lock had expired, recovered by this main node."};
    case counter::leases_lost:
      return {
        "darkroom_leases_lost_total", "runs", "",
        "Runs whose job was taken by another worker: their result is void."};
    case counter::nodes_lost:
      return {"darkroom_nodes_lost_total", "nodes", "",
              "Worker nodes that left or were cut off."};
    case counter::process_cpu:
      return {"process_cpu_seconds_total", "seconds", "",
              "CPU time that this process has used."};
    case counter::provider_calls:
      return {"darkroom_provider_calls_total", "calls",
              "provider,resource,result", "Calls to providers of models."};
    case counter::provider_cost:
      return {"darkroom_provider_cost_total", "money", "provider,resource",
              "What calls cost by the prices of the settings."};
    case counter::provider_tokens:
      return {"darkroom_provider_tokens_total", "tokens",
              "direction,provider,resource",
              "Tokens that providers counted, sent (in) and answered (out)."};
    case counter::queue_limited:
      return {"darkroom_queue_limited_total", "times", "",
              "How often the queue's limit was reached."};
    case counter::queue_limited_seconds:
      return {"darkroom_queue_limited_seconds_total", "seconds", "",
              "How long the queue's limit let no further job start."};
    case counter::sse_dropped:
      return {"darkroom_sse_dropped_total", "events", "",
              "Events that a browser missed, counted per browser."};
    case counter::sse_events:
      return {"darkroom_sse_events_total", "events", "",
              "Events offered to all browsers."};
    case counter::sse_kicked:
      return {"darkroom_sse_kicked_total", "clients", "",
              "Browsers whose event stream was closed because they did not "
              "read."};
    case counter::sse_refused:
      return {"darkroom_sse_refused_total", "clients", "",
              "Browsers refused because max_sse_clients listen already."};
    case counter::takeovers:
      return {
        "darkroom_main_takeovers_total", "times", "",
        "How often the active main node changed since the queue was made."};
    case counter::trace_spans_dropped:
      return {"darkroom_trace_spans_dropped_total", "spans", "",
              "Spans that the collector did not take, or that did not fit "
              "among those that wait for it."};
    case counter::trace_spans_exported:
      return {"darkroom_trace_spans_exported_total", "spans", "",
              "Spans that the collector took."};
    case counter::variant_bytes:
      return {"darkroom_variant_bytes_total", "bytes", "format,size",
              "Bytes of encoded files that were stored."};
    case counter::variants_reused:
      return {"darkroom_variants_reused_total", "pictures", "",
              "Pictures whose variants are those of another image with the "
              "same bytes."};
    case counter::webhooks_failed:
      return {"darkroom_webhooks_failed_total", "calls", "",
              "Calls that the webhook did not take; they are made again."};
    case counter::webhooks_given_up:
      return {
        "darkroom_webhooks_given_up_total", "calls", "",
        "Calls that the webhook did not take in all attempts: laid aside."};
    case counter::webhooks_sent:
      return {"darkroom_webhooks_sent_total", "calls", "",
              "Calls that the webhook took."};
    case counter::count_:
      break;
  }
  return {"", "", "", ""};
}

} // namespace darkroom
