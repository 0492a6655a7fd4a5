/// Rows of queue, limits, jobs, events and notify.
#include "config/fields.hpp"

namespace darkroom {

namespace {

place at_limit(settings& all) {
  return rate_place{&all.queue.limit_max, &all.queue.limit_window};
}

place at_vision_limit(settings& all) {
  return rate_place{&all.limits.vision.max, &all.limits.vision.window};
}

place at_embedding_limit(settings& all) {
  return rate_place{&all.limits.embedding.max, &all.limits.embedding.window};
}

} // namespace

std::vector<field> queue_fields() {
  using s = queue_settings;
  constexpr rows_of<&settings::queue> queue{"queue"};
  return {
    queue.text<&s::name>("name", "Name of the BullMQ queue; no colon in it.")
      .required(),
    queue
      .text<&s::prefix>(
        "prefix",
        "BullMQ's key prefix; {bull} keeps a queue in one cluster slot.")
      .required(),
    rate("queue", "limit", at_limit,
         "Most job starts in any window of that length, over all "
         "processes; off for none."),
    queue.duration<&s::lock_duration>(
      "lock_duration", 100, hour,
      "A taken job's lease; renewed at a quarter of it."),
    queue.duration<&s::stalled_interval>(
      "stalled_interval", 100, hour,
      "How often leases of other workers are checked."),
    queue.number<&s::max_stalled>(
      "max_stalled", 0, 1000,
      "A job that is found stalled more often fails, like in BullMQ."),
    queue.duration<&s::drain_delay>(
      "drain_delay", 10, minute,
      "Longest wait for a wake-up marker of an empty queue."),
    queue
      .number<&s::metrics_points>(
        "metrics_points", 0, 100000,
        "How many minutes of BullMQ's metrics are kept; 0 for none.")
      .unit("minutes"),
    queue
      .text<&s::unknown_jobs>(
        "unknown_jobs",
        "Jobs of a type that no node runs: fail them like a BullMQ worker, "
        "or let them wait for a node that does; auto waits under "
        "`darkroom serve`, where such a node may join, and fails else.")
      .one_of({"auto", "fail", "wait"}),
    queue.duration<&s::unknown_recheck>(
      "unknown_recheck", 1000, hour,
      "A job that waits for a node that runs it is offered to the "
      "queue's other workers, too, after this time; a node that joins "
      "gets it at once."),
    queue.text<&s::worker_name>(
      "worker_name",
      "Shown by getWorkers() and as processedBy; empty means unnamed."),
  };
}

std::vector<field> limit_fields() {
  using s = limit_settings;
  constexpr rows_of<&settings::limits> limits{"limits"};
  return {
    rate("limits", "vision", at_vision_limit,
         "Most starts of jobs that use the vision model, over all nodes; "
         "others pass them. Off: providers differ."),
    rate("limits", "embedding", at_embedding_limit,
         "The same for jobs that use the embedding model."),
    limits.duration<&s::slack>(
      "slack", 20, minute,
      "How much longer the windows are, because a call reaches its "
      "provider a while after it was booked. Half of it may pass "
      "before a call is booked again."),
  };
}

std::vector<field> job_fields() {
  using s = job_settings;
  constexpr rows_of<&settings::jobs> jobs{"jobs"};
  return {
    jobs.number<&s::attempts>(
      "attempts", 1, 1000,
      "How often a job is tried before it has failed for good."),
    jobs
      .text<&s::backoff_type>("backoff_type",
                              "Whether the wait doubles after each failure.")
      .one_of({"exponential", "fixed"}),
    jobs.duration<&s::backoff_delay>(
      "backoff_delay", 0, day, "Wait after the first failure: 2s, then 4s."),
    jobs.duration<&s::keep_completed>(
      "keep_completed", 0, 365 * day,
      "Age at which a completed job is removed."),
    jobs.number<&s::keep_completed_count>("keep_completed_count", 0, 10000000,
                                          "How many completed jobs are kept."),
    jobs.duration<&s::keep_failed>("keep_failed", 0, 365 * day,
                                   "Age at which a failed job is removed."),
  };
}

std::vector<field> event_fields() {
  using s = event_settings;
  constexpr rows_of<&settings::events> events{"events"};
  return {
    events.flag<&s::publish>(
      "publish", "Whether job events go to Redis pub/sub for the web tier."),
    events.flag<&s::publish_queued>(
      "publish_queued", "Off where the web tier itself publishes job-queued."),
    events
      .text<&s::channel>("channel",
                         "The pub/sub channel that the web tier subscribes to.")
      .required(),
    events.duration<&s::progress_interval>(
      "progress_interval", 0, hour,
      "At most one progress event a job in this time, milestones apart."),
  };
}

std::vector<field> notify_fields() {
  using s = notify_settings;
  constexpr rows_of<&settings::notify> notify{"notify"};
  return {
    notify
      .text<&s::webhook>(
        "webhook",
        "http(s) URL that final failures are posted to; empty means nobody.")
      .secret(),
    notify
      .text<&s::secret>("secret", "Signs the calls with HMAC-SHA-256, so that "
                                  "the receiver knows who calls; empty means "
                                  "they are not signed.")
      .secret(),
    notify.duration<&s::timeout>("timeout", 100, 10 * minute,
                                 "How long a webhook may take to answer."),
    notify.number<&s::attempts>(
      "attempts", 1, 100,
      "How often a call is tried, 1 s, 2 s, … 5 min apart, before it is laid "
      "aside."),
  };
}

} // namespace darkroom
