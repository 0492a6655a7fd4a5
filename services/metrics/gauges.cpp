#include "services/metrics/metric.hpp"

namespace darkroom {

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
    case gauge::build_info:
      return {"darkroom_build_info", "boolean", "protocol,version",
              "1; the labels tell the version of this process."};
    case gauge::bullmq_jobs:
      return {"bullmq_job_count", "jobs", "queue,state",
              "Number of jobs in the queue by state."};
    case gauge::drift:
      return {"darkroom_drift", "findings", "class",
              "Contradictions of catalog, queue and files that are known and "
              "not repaired."};
    case gauge::http_certificate_expiry:
      return {"darkroom_http_certificate_expiry_timestamp_seconds", "seconds",
              "",
              "When the HTTP server's certificate expires, in Unix time; only "
              "with TLS."};
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
    case gauge::main_active:
      return {"darkroom_main_active", "boolean", "",
              "1 if this main node is active, 0 while it stands by."};
    case gauge::metrics_age:
      return {"darkroom_metrics_age_seconds", "seconds", "",
              "How old the values are that Redis and actors are asked for."};
    case gauge::node_clock_skew:
      return {"darkroom_node_clock_skew_seconds", "seconds", "node",
              "How far the node's clock is ahead of the main node's."};
    case gauge::node_load:
      return {"darkroom_node_load", "threads", "node",
              "Runnable threads of the node's machine, over the last minute."};
    case gauge::node_memory:
      return {"darkroom_node_memory_bytes", "bytes", "node",
              "Memory of the node's process, without its codec processes."};
    case gauge::node_running:
      return {"darkroom_node_jobs_running", "jobs", "node",
              "Jobs that the node runs."};
    case gauge::node_slots:
      return {"darkroom_node_slots", "jobs", "node",
              "How many jobs the node runs at once."};
    case gauge::nodes:
      return {"darkroom_nodes", "nodes", "", "Nodes that run jobs."};
    case gauge::oldest_running:
      return {
        "darkroom_oldest_running_seconds", "seconds", "queue",
        "How long the job has run that runs for longest; 0 if none runs."};
    case gauge::oldest_waiting:
      return {"darkroom_oldest_waiting_seconds", "seconds", "queue",
              "Time since the oldest waiting job was added; 0 if none waits."};
    case gauge::process_max_fds:
      return {"process_max_fds", "descriptors", "",
              "Most file descriptors that this process may open."};
    case gauge::process_open_fds:
      return {"process_open_fds", "descriptors", "",
              "File descriptors that this process has open."};
    case gauge::process_resident:
      return {"process_resident_memory_bytes", "bytes", "",
              "Memory of this process that is in RAM."};
    case gauge::process_start:
      return {"process_start_time_seconds", "seconds", "",
              "When this process started, in Unix time."};
    case gauge::process_threads:
      return {"process_threads", "threads", "", "Threads of this process."};
    case gauge::process_virtual:
      return {"process_virtual_memory_bytes", "bytes", "",
              "Address space of this process."};
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
    case gauge::queue_paused:
      return {"darkroom_queue_paused", "boolean", "",
              "1 while the queue is paused, else 0."};
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

} // namespace darkroom
