/// Rows of worker, cluster, storage, catalog and log.
#include "config/fields.hpp"

namespace darkroom {

std::vector<field> worker_fields() {
  using s = worker_settings;
  constexpr rows_of<&settings::worker> worker{"worker"};
  return {
    worker
      .number<&s::concurrency>("concurrency", 1, 10000,
                               "Jobs a node runs at once; auto takes two per "
                               "core and one more, if its memory allows.")
      .unit("jobs"),
    worker.duration<&s::job_timeout>(
      "job_timeout", 100, day,
      "A job that takes longer is stopped and has failed this attempt."),
    worker.duration<&s::grace>(
      "grace", 0, hour, "Time that running jobs get when a node drains."),
    worker.duration<&s::cancel_grace>(
      "cancel_grace", 0, 10 * minute,
      "A cancelled job's time to end before its codec is killed; 0 = at once."),
    worker.number<&s::max_codec_deaths>(
      "max_codec_deaths", 1, 1000,
      "A job that killed this many codec processes is dead."),
    worker.number<&s::max_node_deaths>(
      "max_node_deaths", 1, 1000,
      "A job under which this many runners died is dead."),
    worker.flag<&s::diagnostics>(
      "diagnostics",
      "Whether to run the diagnostic jobs: echo, sleep, flaky and friends."),
    worker.list<&s::job_types>(
      "job_types",
      "Names of the jobs that this node runs, for nodes with work of "
      "their own; empty means all."),
    worker.list<&s::labels>(
      "labels", "What people call this node, shown by `darkroom nodes`."),
  };
}

std::vector<field> cluster_fields() {
  using s = cluster_settings;
  constexpr rows_of<&settings::cluster> cluster{"cluster"};
  return {
    cluster.text<&s::node_name>(
      "node_name", "This node's name; empty means host name and process id."),
    cluster
      .text<&s::bind>(
        "bind", "Address the main node listens on for workers; one that others "
                "reach needs TLS.")
      .required(),
    cluster.number<&s::port>(
      "port", 0, 65535,
      "Port the main node listens on for workers; 0 takes a free one."),
    cluster
      .list<&s::main>("main", "Main nodes that a worker node tries in turn.")
      .unit("\"host:port\""),
    cluster.duration<&s::heartbeat>("heartbeat", 10, minute,
                                    "How often nodes say that they are alive."),
    cluster.duration<&s::node_timeout>(
      "node_timeout", 50, 10 * minute,
      "Silence after which a node's jobs move; over two heartbeats."),
    cluster.duration<&s::reconnect_min>(
      "reconnect_min", 10, minute,
      "First wait before a worker node connects again."),
    cluster.duration<&s::reconnect_max>(
      "reconnect_max", 10, 10 * minute,
      "Longest wait before a worker node connects again: a main node "
      "that takes over gives workers twice that to say what they run."),
    cluster.duration<&s::lease>(
      "lease", 200, minute,
      "Silence of the active main node after which a standby takes "
      "over; longer than Redis may be slow."),
    cluster.text<&s::tls_certificate>(
      "tls_certificate",
      "PEM file of this node's certificate; with its key and the CA "
      "all nodes speak mutual TLS."),
    cluster.text<&s::tls_key>(
      "tls_key", "PEM file of that certificate's key, readable by this user "
                 "only."),
    cluster.text<&s::tls_ca>(
      "tls_ca", "PEM file of the private CA; who has a certificate of it is a "
                "node."),
    cluster.flag<&s::insecure>(
      "insecure", "Whether nodes may talk beyond this machine without TLS: who "
                  "reaches the port then owns the cluster."),
  };
}

std::vector<field> supervision_fields() {
  using s = supervision_settings;
  constexpr rows_of<&settings::supervision> supervision{"supervision"};
  return {
    supervision.number<&s::max_restarts>(
      "max_restarts", 0, 1000000,
      "Most restarts of a node's actors within the period. More mean a fault "
      "that restarting does not cure: then the process ends."),
    supervision.duration<&s::period>("period", 100, hour, "See max_restarts."),
    supervision.duration<&s::delay_min>(
      "delay_min", 1, minute,
      "Wait before the second restart of an actor; it doubles with "
      "each further one, until the actor ran for the period."),
    supervision.duration<&s::delay_max>("delay_max", 1, hour,
                                        "Longest such wait."),
  };
}

std::vector<field> storage_fields() {
  using s = storage_settings;
  constexpr rows_of<&settings::storage> storage{"storage"};
  return {
    storage
      .text<&s::kind>("kind",
                      "Whether pictures are in a folder that all nodes share, "
                      "or in a bucket of an S3 server.")
      .one_of({"folder", "s3"}),
    storage
      .text<&s::uploads>("uploads", "Folder of originals and variants; with "
                                    "s3, of uploads that the bucket does not "
                                    "have yet, on main nodes only.")
      .required(),
    storage
      .text<&s::s3_endpoint>("s3_endpoint",
                             "The S3 server: http(s)://host[:port].")
      .required(),
    storage.text<&s::s3_bucket>("s3_bucket", "Bucket of all pictures."),
    storage
      .text<&s::s3_region>("s3_region",
                           "Region of the bucket; servers of one's own answer "
                           "to the default, Cloudflare to auto.")
      .required()
      .env("AWS_REGION"),
    storage.text<&s::s3_prefix>("s3_prefix",
                                "Begins the keys of all objects: darkroom/."),
    storage
      .text<&s::s3_access_key>("s3_access_key",
                               "Id of the key that may use the bucket.")
      .env("AWS_ACCESS_KEY_ID"),
    storage.text<&s::s3_secret_key>("s3_secret_key", "Secret of that key.")
      .secret()
      .env("AWS_SECRET_ACCESS_KEY"),
    storage.flag<&s::s3_path_style>(
      "s3_path_style",
      "Whether URLs are endpoint/bucket/key, which all servers "
      "know; else bucket.endpoint/key."),
    storage.duration<&s::s3_timeout>(
      "s3_timeout", 100, hour,
      "Of one request; a slow line needs more for the largest original."),
    storage
      .number<&s::s3_attempts>("s3_attempts", 1, 20,
                               "How often a request is sent until it succeeds: "
                               "0.2 s, 0.4 s, … apart.")
      .unit("tries"),
    storage.duration<&s::s3_link_lifetime>(
      "s3_link_lifetime", 10000, 7 * day,
      "How long a link to a file works that `/files` redirects to."),
  };
}

std::vector<field> catalog_fields() {
  using s = catalog_settings;
  constexpr rows_of<&settings::catalog> catalog{"catalog"};
  return {
    catalog
      .text<&s::tables>(
        "tables",
        "own: Darkroom keeps its own tables. adopt: the web tier's images, "
        "image_metadata and image_variants are written as well "
        "(docs/web-tier.md). off: no database; results are in events, return "
        "values and files.")
      .one_of({"own", "adopt", "off"}),
    catalog.text<&s::schema>(
      "schema", "PostgreSQL only. Schema of Darkroom's tables, which it makes; "
                "empty takes ?schema= of the URL, or what search_path says."),
    catalog.text<&s::prefix>(
      "prefix", "Before the names of Darkroom's tables, such as darkroom_, "
                "where another program has tables called images."),
    catalog
      .text<&s::database>(
        "database", "SQLite file of the catalog, or the URL of a PostgreSQL "
                    "database: postgres://user:password@host:port/database.")
      .required()
      .env("DATABASE_URL"),
    catalog.duration<&s::connect_timeout>(
      "connect_timeout", 50, minute / 6,
      "PostgreSQL only. A healthy server accepts a connection within "
      "50 ms; one that takes this long counts as down."),
    catalog.duration<&s::command_timeout>(
      "command_timeout", 100, minute / 6,
      "PostgreSQL only. A statement takes a few ms; one that takes "
      "this long is given up and asked again."),
  };
}

std::vector<field> log_fields() {
  using s = log_settings;
  constexpr rows_of<&settings::log> log{"log"};
  return {
    log
      .text<&s::level>("level",
                       "info is what an operator acts on, debug is per job.")
      .env("LOG_LEVEL")
      .one_of({"trace", "debug", "info", "warn", "error", "off"}),
    log
      .text<&s::format>("format",
                        "text for people; json is one object per line, for "
                        "programs that collect logs.")
      .one_of({"text", "json"}),
  };
}

} // namespace darkroom
