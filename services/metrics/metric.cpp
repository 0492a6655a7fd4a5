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
    case counter::jobs_settled:
      return {"darkroom_jobs_settled_total", "jobs", "outcome",
              "Jobs whose run ended, once Redis knew."};
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
    case counter::variants_reused:
      return {"darkroom_variants_reused_total", "pictures", "",
              "Pictures whose variants are those of another image with the "
              "same bytes."};
    case counter::webhooks_failed:
      return {"darkroom_webhooks_failed_total", "calls", "",
              "Calls that the webhook did not take; they are made again."};
    case counter::webhooks_sent:
      return {"darkroom_webhooks_sent_total", "calls", "",
              "Calls that the webhook took."};
    case counter::count_:
      break;
  }
  return {"", "", "", ""};
}

// NOLINTNEXTLINE(readability-function-size): a table, two lines per metric
metric_info info_of(gauge which) {
  switch (which) {
    case gauge::actor_age:
      return {"darkroom_actor_age_seconds", "seconds", "actor,node",
              "Time since the actor's last start."};
    case gauge::actor_lag:
      return {"darkroom_actor_lag_seconds", "seconds", "actor,node",
              "How long the actor took to answer ahead of its mailbox."};
    case gauge::actor_mailbox:
      return {"darkroom_actor_mailbox_messages", "messages", "actor,node",
              "Messages that wait for the actor."};
    case gauge::drift:
      return {"darkroom_drift", "findings", "class",
              "Contradictions of catalog, queue and files that are known and "
              "not repaired."};
    case gauge::http_connections:
      return {"darkroom_http_connections", "connections", "",
              "Open connections, without event streams."};
    case gauge::http_pending:
      return {"darkroom_http_requests_pending", "requests", "",
              "Requests that run on a thread or wait for one."};
    case gauge::jobs_running:
      return {"darkroom_jobs_running", "jobs", "",
              "Jobs that this main node's workers run."};
    case gauge::jobs_unsettled:
      return {"darkroom_jobs_unsettled", "jobs", "",
              "Jobs that ended while Redis does not know yet."};
    case gauge::jobs_without_node:
      return {"darkroom_jobs_without_node", "jobs", "type",
              "Jobs set aside because no node runs their type."};
    case gauge::last_fetch:
      return {"darkroom_last_fetch_timestamp_seconds", "seconds", "",
              "When Redis last answered a claim, in Unix time."};
    case gauge::metrics_age:
      return {"darkroom_metrics_age_seconds", "seconds", "",
              "How old the values are that Redis and actors are asked for."};
    case gauge::node_clock_skew:
      return {"darkroom_node_clock_skew_seconds", "seconds", "node",
              "How far the node's clock is ahead of the main node's."};
    case gauge::nodes:
      return {"darkroom_nodes", "nodes", "", "Nodes that run jobs."};
    case gauge::provider_paused_until:
      return {"darkroom_provider_paused_until_timestamp_seconds", "seconds",
              "provider,resource",
              "Until when no call is made to the provider, in Unix time; 0 if "
              "it works."};
    case gauge::provider_resting:
      return {"darkroom_provider_resting", "boolean", "provider,resource",
              "1 while the provider refuses calls, else 0."};
    case gauge::queue_jobs:
      return {"darkroom_queue_jobs", "jobs", "state",
              "Jobs of the queue in each state."};
    case gauge::redis_up:
      return {"darkroom_redis_up", "boolean", "",
              "1 if Redis answered within 3 seconds, else 0."};
    case gauge::slots:
      return {"darkroom_slots", "jobs", "",
              "How many jobs the workers run at once."};
    case gauge::sse_clients:
      return {"darkroom_sse_clients", "clients", "",
              "Browsers that listen to events."};
    case gauge::count_:
      break;
  }
  return {"", "", "", ""};
}

metric_info info_of(histogram which) {
  switch (which) {
    case histogram::provider_seconds:
      return {"darkroom_provider_call_seconds", "seconds", "provider,resource",
              "How long calls to providers took."};
    case histogram::count_:
      break;
  }
  return {"", "", "", ""};
}

std::vector<double> buckets_of(histogram) {
  return {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60};
}

} // namespace darkroom
