/// Rows of worker, cluster, storage, catalog and log.
#include "config/fields.hpp"

namespace darkroom {

std::vector<field> worker_fields() {
  return {
    {.section = "worker",
     .key = "concurrency",
     .type = field_type::number,
     .at = at<&settings::worker, &worker_settings::concurrency>,
     .least = 1,
     .most = 10000,
     .unit = "jobs",
     .reason = "Jobs a node runs at once."},
    {.section = "worker",
     .key = "job_timeout",
     .type = field_type::duration,
     .at = at<&settings::worker, &worker_settings::job_timeout>,
     .least = 100,
     .most = 24 * hour,
     .reason
     = "A job that takes longer is stopped and has failed this attempt."},
    {.section = "worker",
     .key = "grace",
     .type = field_type::duration,
     .at = at<&settings::worker, &worker_settings::grace>,
     .least = 0,
     .most = hour,
     .reason = "Time that running jobs get when a node drains."},
    {.section = "worker",
     .key = "cancel_grace",
     .type = field_type::duration,
     .at = at<&settings::worker, &worker_settings::cancel_grace>,
     .least = 0,
     .most = 10 * minute,
     .reason = "A cancelled job's time to end before its codec is killed."},
    {.section = "worker",
     .key = "max_codec_deaths",
     .type = field_type::number,
     .at = at<&settings::worker, &worker_settings::max_codec_deaths>,
     .least = 1,
     .most = 1000,
     .reason = "A job that killed this many codec processes is dead."},
    {.section = "worker",
     .key = "max_node_deaths",
     .type = field_type::number,
     .at = at<&settings::worker, &worker_settings::max_node_deaths>,
     .least = 1,
     .most = 1000,
     .reason = "A job under which this many runners died is dead."},
    {.section = "worker",
     .key = "diagnostics",
     .type = field_type::boolean,
     .at = at<&settings::worker, &worker_settings::diagnostics>,
     .reason
     = "Whether to run the diagnostic jobs: echo, sleep, flaky and friends."},
    {.section = "worker",
     .key = "job_types",
     .type = field_type::list,
     .at = at<&settings::worker, &worker_settings::job_types>,
     .reason = "Names of the jobs that this node runs, for nodes with work of "
               "their own; empty means all."},
    {.section = "worker",
     .key = "labels",
     .type = field_type::list,
     .at = at<&settings::worker, &worker_settings::labels>,
     .reason = "What people call this node, shown by `darkroom nodes`."},
  };
}

std::vector<field> cluster_fields() {
  return {
    {.section = "cluster",
     .key = "node_name",
     .at = at<&settings::cluster, &cluster_settings::node_name>,
     .reason = "This node's name; empty means host name and process id."},
    {.section = "cluster",
     .key = "bind",
     .at = at<&settings::cluster, &cluster_settings::bind>,
     .required = true,
     .reason = "Address the main node listens on for workers; one that others "
               "reach needs TLS."},
    {.section = "cluster",
     .key = "port",
     .type = field_type::number,
     .at = at<&settings::cluster, &cluster_settings::port>,
     .least = 0,
     .most = 65535,
     .reason
     = "Port the main node listens on for workers; 0 takes a free one."},
    {.section = "cluster",
     .key = "main",
     .type = field_type::list,
     .at = at<&settings::cluster, &cluster_settings::main>,
     .unit = "\"host:port\"",
     .reason = "Main nodes that a worker node tries in turn."},
    {.section = "cluster",
     .key = "heartbeat",
     .type = field_type::duration,
     .at = at<&settings::cluster, &cluster_settings::heartbeat>,
     .least = 10,
     .most = minute,
     .reason = "How often nodes say that they are alive."},
    {.section = "cluster",
     .key = "node_timeout",
     .type = field_type::duration,
     .at = at<&settings::cluster, &cluster_settings::node_timeout>,
     .least = 50,
     .most = 10 * minute,
     .reason = "Silence after which a node's jobs move; over two heartbeats."},
    {.section = "cluster",
     .key = "reconnect_min",
     .type = field_type::duration,
     .at = at<&settings::cluster, &cluster_settings::reconnect_min>,
     .least = 10,
     .most = minute,
     .reason = "First wait before a worker node connects again."},
    {.section = "cluster",
     .key = "reconnect_max",
     .type = field_type::duration,
     .at = at<&settings::cluster, &cluster_settings::reconnect_max>,
     .least = 10,
     .most = 10 * minute,
     .reason
     = "Longest wait before a worker node connects again: a main node "
       "that takes over gives workers twice that to say what they run."},
    {.section = "cluster",
     .key = "lease",
     .type = field_type::duration,
     .at = at<&settings::cluster, &cluster_settings::lease>,
     .least = 200,
     .most = minute,
     .reason = "Silence of the active main node after which a standby takes "
               "over; longer than Redis may be slow."},
    {.section = "cluster",
     .key = "tls_certificate",
     .at = at<&settings::cluster, &cluster_settings::tls_certificate>,
     .reason = "PEM file of this node's certificate; with its key and the CA "
               "all nodes speak mutual TLS."},
    {.section = "cluster",
     .key = "tls_key",
     .at = at<&settings::cluster, &cluster_settings::tls_key>,
     .reason = "PEM file of that certificate's key, readable by this user "
               "only."},
    {.section = "cluster",
     .key = "tls_ca",
     .at = at<&settings::cluster, &cluster_settings::tls_ca>,
     .reason = "PEM file of the private CA; who has a certificate of it is a "
               "node."},
    {.section = "cluster",
     .key = "insecure",
     .type = field_type::boolean,
     .at = at<&settings::cluster, &cluster_settings::insecure>,
     .reason = "Whether nodes may talk beyond this machine without TLS: who "
               "reaches the port then owns the cluster."},
  };
}

std::vector<field> supervision_fields() {
  return {
    {.section = "supervision",
     .key = "max_restarts",
     .type = field_type::number,
     .at = at<&settings::supervision, &supervision_settings::max_restarts>,
     .least = 0,
     .most = 1000000,
     .reason = "Restarts of a node's actors within the period that are borne; "
               "more are a fault that restarting does not cure, and the "
               "process ends."},
    {.section = "supervision",
     .key = "period",
     .type = field_type::duration,
     .at = at<&settings::supervision, &supervision_settings::period>,
     .least = 100,
     .most = hour,
     .reason = "See max_restarts."},
    {.section = "supervision",
     .key = "delay_min",
     .type = field_type::duration,
     .at = at<&settings::supervision, &supervision_settings::delay_min>,
     .least = 1,
     .most = minute,
     .reason = "Wait before the second restart of an actor; it doubles with "
               "each further one, until the actor ran for the period."},
    {.section = "supervision",
     .key = "delay_max",
     .type = field_type::duration,
     .at = at<&settings::supervision, &supervision_settings::delay_max>,
     .least = 1,
     .most = hour,
     .reason = "Longest such wait."},
  };
}

std::vector<field> storage_fields() {
  return {
    {.section = "storage",
     .key = "uploads",
     .at = at<&settings::storage, &storage_settings::uploads>,
     .required = true,
     .reason = "Folder of originals and variants."},
  };
}

std::vector<field> catalog_fields() {
  return {
    {.section = "catalog",
     .key = "database",
     .at = at<&settings::catalog, &catalog_settings::database>,
     .required = true,
     .env = "DATABASE_URL",
     .reason = "SQLite file of the catalog, or the URL of a PostgreSQL "
               "database: postgres://user:password@host:port/database."},
    {.section = "catalog",
     .key = "connect_timeout",
     .type = field_type::duration,
     .at = at<&settings::catalog, &catalog_settings::connect_timeout>,
     .least = 50,
     .most = minute / 6,
     .reason = "PostgreSQL only. A healthy server lets in within 50 ms; what "
               "takes this long is away."},
    {.section = "catalog",
     .key = "command_timeout",
     .type = field_type::duration,
     .at = at<&settings::catalog, &catalog_settings::command_timeout>,
     .least = 100,
     .most = minute / 6,
     .reason = "PostgreSQL only. A statement takes a few ms; one that takes "
               "this long is given up and asked again."},
  };
}

std::vector<field> log_fields() {
  return {
    {.section = "log",
     .key = "level",
     .at = at<&settings::log, &log_settings::level>,
     .choices = {"trace", "debug", "info", "warn", "error", "off"},
     .env = "LOG_LEVEL",
     .reason = "info is what an operator acts on, debug is per job."},
  };
}

} // namespace darkroom
