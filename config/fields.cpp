#include "config/fields.hpp"

namespace darkroom {

const std::vector<section>& all_sections() {
  static const std::vector<section> sections{
    {"redis", "The server that keeps the queue."},
    {"queue", "What is processed, and BullMQ's knobs for a worker."},
    {"limits", "What the providers bear: a job waits for its resource alone."},
    {"budget", "What calls to providers may take per day (UTC)."},
    {"jobs", "Options of the jobs that Darkroom itself adds."},
    {"worker", "The processors of a node."},
    {"cluster", "The nodes, and how they find each other."},
    {"supervision", "How actors that end are started again."},
    {"http", "The API, the event stream and the page of a main node."},
    {"events", "The bridge to the web tier."},
    {"storage", "Where pictures lie."},
    {"catalog", "What is known about pictures."},
    {"imaging", "Limits and encoders of the codec process."},
    {"vision", "Who describes pictures."},
    {"embedding", "Who turns descriptions into vectors."},
    {"notify", "Who is told about final failures and about providers."},
    {"fsck", "Whether catalog, queue and files agree."},
    {"log", "What is logged, on stderr."},
    {"trace", "Spans of jobs, for a collector that speaks OTLP/HTTP."},
  };
  return sections;
}

const std::vector<field>& all_fields() {
  static const auto fields = [] {
    std::vector<field> all;
    for (auto make :
         {redis_fields, queue_fields, limit_fields, budget_fields, job_fields,
          worker_fields, cluster_fields, supervision_fields, http_fields,
          event_fields, storage_fields, catalog_fields, imaging_fields,
          vision_fields, embedding_fields, notify_fields, fsck_fields,
          log_fields, trace_fields})
      for (auto& row : make())
        all.push_back(std::move(row));
    return all;
  }();
  return fields;
}

} // namespace darkroom
