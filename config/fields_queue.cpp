/// Rows of redis, queue, jobs, events and notify.
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

std::vector<field> redis_fields() {
  return {
    {.section = "redis",
     .key = "host",
     .at = at<&settings::redis, &redis_settings::host>,
     .required = true,
     .env = "REDIS_HOST",
     .reason = "Host name or address of the Redis that keeps the queue."},
    {.section = "redis",
     .key = "port",
     .type = field_type::number,
     .at = at<&settings::redis, &redis_settings::port>,
     .least = 1,
     .most = 65535,
     .env = "REDIS_PORT",
     .reason = "TCP port of that Redis."},
    {.section = "redis",
     .key = "username",
     .at = at<&settings::redis, &redis_settings::username>,
     .reason = "ACL user; empty means Redis's default user."},
    {.section = "redis",
     .key = "password",
     .at = at<&settings::redis, &redis_settings::password>,
     .secret = true,
     .env = "REDIS_PASSWORD",
     .reason = "Password of that user; empty means none is asked for."},
    {.section = "redis",
     .key = "database",
     .type = field_type::number,
     .at = at<&settings::redis, &redis_settings::database>,
     .least = 0,
     .most = 1000000,
     .reason = "Number of the database, as SELECT takes it."},
    {.section = "redis",
     .key = "connect_timeout",
     .type = field_type::duration,
     .at = at<&settings::redis, &redis_settings::connect_timeout>,
     .least = 50,
     .most = minute,
     .reason
     = "A healthy Redis accepts within 10 ms; what takes this long is down."},
    {.section = "redis",
     .key = "command_timeout",
     .type = field_type::duration,
     .at = at<&settings::redis, &redis_settings::command_timeout>,
     .least = 100,
     .most = 10 * minute,
     .reason
     = "The longest script takes under 100 ms; what takes this long hangs."},
  };
}

std::vector<field> queue_fields() {
  return {
    {.section = "queue",
     .key = "name",
     .at = at<&settings::queue, &queue_settings::name>,
     .required = true,
     .reason = "Name of the BullMQ queue; no colon in it."},
    {.section = "queue",
     .key = "prefix",
     .at = at<&settings::queue, &queue_settings::prefix>,
     .required = true,
     .reason
     = "BullMQ's key prefix; {bull} keeps a queue in one cluster slot."},
    {.section = "queue",
     .key = "limit",
     .type = field_type::rate,
     .at = at_limit,
     .least = 1,
     .most = 1000000,
     .reason = "Most job starts in any window of that length, over all "
               "processes; off for none."},
    {.section = "queue",
     .key = "lock_duration",
     .type = field_type::duration,
     .at = at<&settings::queue, &queue_settings::lock_duration>,
     .least = 100,
     .most = hour,
     .reason = "A taken job's lease; renewed at a quarter of it."},
    {.section = "queue",
     .key = "stalled_interval",
     .type = field_type::duration,
     .at = at<&settings::queue, &queue_settings::stalled_interval>,
     .least = 100,
     .most = hour,
     .reason = "How often leases of other workers are checked."},
    {.section = "queue",
     .key = "max_stalled",
     .type = field_type::number,
     .at = at<&settings::queue, &queue_settings::max_stalled>,
     .least = 0,
     .most = 1000,
     .reason = "A job found stalled more often fails, as in BullMQ."},
    {.section = "queue",
     .key = "drain_delay",
     .type = field_type::duration,
     .at = at<&settings::queue, &queue_settings::drain_delay>,
     .least = 10,
     .most = minute,
     .reason = "Longest wait for a wake-up marker of an empty queue."},
    {.section = "queue",
     .key = "metrics_points",
     .type = field_type::number,
     .at = at<&settings::queue, &queue_settings::metrics_points>,
     .least = 0,
     .most = 100000,
     .unit = "minutes",
     .reason = "How many minutes of BullMQ's metrics are kept; 0 for none."},
    {.section = "queue",
     .key = "unknown_jobs",
     .at = at<&settings::queue, &queue_settings::unknown_jobs>,
     .choices = {"auto", "fail", "wait"},
     .reason
     = "Jobs of a type that no node runs: fail them, as a BullMQ worker "
       "does, or let them wait for a node that does; auto waits under "
       "`darkroom serve`, where such a node may join, and fails else."},
    {.section = "queue",
     .key = "unknown_recheck",
     .type = field_type::duration,
     .at = at<&settings::queue, &queue_settings::unknown_recheck>,
     .least = 1000,
     .most = hour,
     .reason = "A job that waits for a node that runs it is offered to the "
               "queue's other workers, too, after this time; a node that joins "
               "gets it at once."},
    {.section = "queue",
     .key = "worker_name",
     .at = at<&settings::queue, &queue_settings::worker_name>,
     .reason
     = "Shown by getWorkers() and as processedBy; empty means unnamed."},
  };
}

std::vector<field> limit_fields() {
  return {
    {.section = "limits",
     .key = "vision",
     .type = field_type::rate,
     .at = at_vision_limit,
     .least = 1,
     .most = 1000000,
     .reason = "Most starts of jobs that use the vision model, over all nodes; "
               "others pass them. Off: providers differ."},
    {.section = "limits",
     .key = "embedding",
     .type = field_type::rate,
     .at = at_embedding_limit,
     .least = 1,
     .most = 1000000,
     .reason = "The same for jobs that use the embedding model."},
    {.section = "limits",
     .key = "slack",
     .type = field_type::duration,
     .at = at<&settings::limits, &limit_settings::slack>,
     .least = 20,
     .most = minute,
     .reason = "How much longer the windows are, because a call reaches its "
               "provider a while after it was booked. Half of it may pass "
               "before a booking is made anew."},
  };
}

std::vector<field> job_fields() {
  return {
    {.section = "jobs",
     .key = "attempts",
     .type = field_type::number,
     .at = at<&settings::jobs, &job_settings::attempts>,
     .least = 1,
     .most = 1000,
     .reason = "How often a job is tried before it has failed for good."},
    {.section = "jobs",
     .key = "backoff_type",
     .at = at<&settings::jobs, &job_settings::backoff_type>,
     .choices = {"exponential", "fixed"},
     .reason = "Whether the wait doubles after each failure."},
    {.section = "jobs",
     .key = "backoff_delay",
     .type = field_type::duration,
     .at = at<&settings::jobs, &job_settings::backoff_delay>,
     .least = 0,
     .most = 24 * hour,
     .reason = "Wait after the first failure: 2s, then 4s."},
    {.section = "jobs",
     .key = "keep_completed",
     .type = field_type::duration,
     .at = at<&settings::jobs, &job_settings::keep_completed>,
     .least = 0,
     .most = 365 * 24 * hour,
     .reason = "Age at which a completed job is removed."},
    {.section = "jobs",
     .key = "keep_completed_count",
     .type = field_type::number,
     .at = at<&settings::jobs, &job_settings::keep_completed_count>,
     .least = 0,
     .most = 10000000,
     .reason = "How many completed jobs are kept."},
    {.section = "jobs",
     .key = "keep_failed",
     .type = field_type::duration,
     .at = at<&settings::jobs, &job_settings::keep_failed>,
     .least = 0,
     .most = 365 * 24 * hour,
     .reason = "Age at which a failed job is removed."},
  };
}

std::vector<field> event_fields() {
  return {
    {.section = "events",
     .key = "publish",
     .type = field_type::boolean,
     .at = at<&settings::events, &event_settings::publish>,
     .reason = "Whether job events go to Redis pub/sub for the web tier."},
    {.section = "events",
     .key = "publish_queued",
     .type = field_type::boolean,
     .at = at<&settings::events, &event_settings::publish_queued>,
     .reason = "Off where the web tier itself publishes job-queued."},
    {.section = "events",
     .key = "channel",
     .at = at<&settings::events, &event_settings::channel>,
     .required = true,
     .reason = "The pub/sub channel that the web tier subscribes to."},
    {.section = "events",
     .key = "progress_interval",
     .type = field_type::duration,
     .at = at<&settings::events, &event_settings::progress_interval>,
     .least = 0,
     .most = hour,
     .reason
     = "At most one progress event a job in this time, milestones apart."},
  };
}

std::vector<field> notify_fields() {
  return {
    {.section = "notify",
     .key = "webhook",
     .at = at<&settings::notify, &notify_settings::webhook>,
     .secret = true,
     .reason
     = "http(s) URL that final failures are posted to; empty means nobody."},
    {.section = "notify",
     .key = "timeout",
     .type = field_type::duration,
     .at = at<&settings::notify, &notify_settings::timeout>,
     .least = 100,
     .most = 10 * minute,
     .reason = "How long a webhook may take to answer."},
  };
}

} // namespace darkroom
