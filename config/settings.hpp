/// Every setting of Darkroom, with its unit, default and reason. Loaded by
/// `config/load.hpp`: flag > environment > TOML file > the default below. One
/// table, in which people look a setting up, so that it is longer than 300
/// lines.
#pragma once

#include "config/provider_settings.hpp"
#include "config/resource_rules.hpp"
#include "config/source_formats.hpp"
#include "config/variant_recipe.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

using std::chrono::milliseconds;

/// `[redis]`: the server that keeps the queue.
struct redis_settings {
  std::string host = "localhost";
  uint16_t port = 6379;
  std::string username; ///< ACL user; empty for the default one
  std::string password; ///< secret
  int database = 0;
  bool tls = false;            ///< also by rediss://
  std::string tls_ca;          ///< PEM file; empty = those the system trusts
  std::string tls_certificate; ///< PEM file, if the server asks for one
  std::string tls_key;         ///< PEM file; the certificate's key
  std::string tls_name; ///< that the server's certificate has; empty = host
  /// "host:port" of Sentinels, which say where the master is; empty = host and
  /// port above are it
  std::vector<std::string> sentinels;
  std::string sentinel_master = "mymaster"; ///< as Sentinel calls it
  std::string sentinel_username;            ///< empty for the default one
  std::string sentinel_password;            ///< secret
  milliseconds connect_timeout{2000}; ///< a healthy Redis accepts in < 10 ms
  milliseconds command_timeout{5000}; ///< the longest script takes < 100 ms
};

/// `[queue]`: which queue to process, and BullMQ's options for a worker.
struct queue_settings {
  std::string name = "image-processing";
  std::string prefix = "bull"; ///< BullMQ's default; opaque text
  uint32_t limit_max = 10;     ///< job starts per window; 0 = no limit
  milliseconds limit_window{60000};
  milliseconds lock_duration{30000}; ///< a lease; renewed after a quarter of it
  milliseconds stalled_interval{30000}; ///< how often leases are checked
  uint32_t max_stalled = 1;             ///< BullMQ's default
  milliseconds drain_delay{5000};       ///< longest wait for a wake-up marker
  uint32_t metrics_points = 0;          ///< minutes kept; 0 = no metrics
  /// Jobs of a type that no node runs: "fail", "wait" (for a node that runs
  /// it), or "auto": fail in solo and dev, like a BullMQ worker, and wait in
  /// serve.
  std::string unknown_jobs = "auto";
  /// After this time, a job that waits for a node is offered to the queue's
  /// other workers again.
  milliseconds unknown_recheck{60000};
  std::string worker_name; ///< shown by getWorkers(); empty = unnamed
};

/// `[limits]`: how many starts providers allow. Metadata jobs use `vision`,
/// embedding jobs use `embedding`; variants use neither.
struct limit_settings {
  resource_limit vision{"vision"};
  resource_limit embedding{"embedding"};
  /// The longest time from the booking of a call until it reaches its provider;
  /// windows are longer by this.
  milliseconds slack{100};
};

/// `[budget]`: what the calls to providers may take per day (UTC); 0 = no
/// bound.
struct budget_bounds {
  uint32_t requests = 0;
  uint64_t tokens = 0;
  double money = 0; ///< in the unit of the providers' prices
};
struct budget_settings {
  budget_bounds vision;
  budget_bounds embedding;
  budget_bounds total;
  /// When a bound is reached: "wait" until the day ends, or go on with the
  /// "local" provider of the list
  std::string then = "wait";
};

/// `[jobs]`: options of jobs that Darkroom adds itself (CLI, HTTP, chained).
struct job_settings {
  uint32_t attempts = 3;
  std::string backoff_type = "exponential";
  milliseconds backoff_delay{2000};          ///< 2 s, then 4 s
  std::chrono::seconds keep_completed{3600}; ///< age
  uint32_t keep_completed_count = 1000;
  std::chrono::seconds keep_failed{86400}; ///< age
};

/// `[worker]`: a node's processors.
struct worker_settings {
  /// Jobs at once per node. auto: two per core and one, which suits jobs that
  /// wait for a provider as well, if the memory allows
  std::optional<uint32_t> concurrency;
  /// Wall time. Ten times codec_time, so that a good picture survives on a busy
  /// machine.
  milliseconds job_timeout{600000};
  milliseconds grace{25000};     ///< a drain's time for running jobs
  milliseconds cancel_grace{0};  ///< a cancelled job's time to end by itself
  uint32_t max_codec_deaths = 3; ///< a job that kills more codecs fails
  uint32_t max_node_deaths = 10; ///< so does one with more dead runners
  bool diagnostics = false;      ///< also run echo, sleep, flaky, …
  std::vector<std::string> job_types; ///< this node runs them; empty = all
  std::vector<std::string> labels;    ///< people's names for this node: "gpu"
};

/// `[cluster]`: nodes and how they find each other.
struct cluster_settings {
  std::string node_name;           ///< empty = host name and pid
  std::string bind = "127.0.0.1";  ///< CAF port; without TLS only loopback
  uint16_t port = 7700;            ///< 0 = any free port
  std::vector<std::string> main;   ///< "host:port" of main nodes
  milliseconds heartbeat{500};     ///< CAF's and ours
  milliseconds node_timeout{3000}; ///< silence after which its jobs move
  milliseconds reconnect_min{100}; ///< back-off of the uplink
  milliseconds reconnect_max{1000};
  milliseconds lease{3000}; ///< silence after which a standby main takes over
  std::string tls_certificate; ///< PEM file of this node; empty = no TLS
  std::string tls_key;         ///< PEM file; the certificate's key
  std::string tls_ca;          ///< PEM file; signed the nodes' certificates
  bool insecure = false;       ///< allow plain connections to other machines
};

/// `[supervision]`: how actors that end are restarted.
struct supervision_settings {
  uint32_t max_restarts = 10; ///< of one supervisor's children, in `period`
  milliseconds period{10000};
  milliseconds delay_min{10};   ///< doubles with each restart of a child …
  milliseconds delay_max{2000}; ///< … until it ran for `period`
};

/// `[http]`: the API, the event stream and the page of a main node.
struct http_settings {
  bool enabled = true;
  std::string bind = "127.0.0.1";
  bool insecure = false;       ///< other machines may reach it without a token
  bool require_token = false;  ///< also on loopback, as behind a proxy
  std::string tls_certificate; ///< PEM file with its chain; empty = plain HTTP
  std::string tls_key;         ///< PEM file; the certificate's key
  milliseconds session_lifetime{43200000};  ///< 12 h, a working day
  std::chrono::seconds keep_audit{7776000}; ///< 90 days
  uint32_t history_days = 14; ///< of the charts: two weeks show the weekends
  uint16_t port = 3000;       ///< 0 = any free port
  uint32_t threads = 2;       ///< per kind of requests that may block
  uint32_t max_waiting = 64;  ///< per kind: requests that wait for a thread
  uint64_t max_upload_bytes = 52428800; ///< 50 MB
  uint32_t max_sse_clients = 1000;      ///< 2 KB each when idle
  /// Kept for Last-Event-ID, about 3 MB in Redis and 6 MB in the process: ten
  /// seconds at 1,000 events per second, when another main node takes 3 s to
  /// take over
  uint32_t replay_events = 10000;
  milliseconds sse_keepalive{15000};
  uint64_t sse_buffer_bytes = 65536; ///< that wait for one that reads slowly
  milliseconds sse_write_timeout{10000}; ///< then drops one that reads nothing
  /// Progress of one job, per browser: ten frames per second move smoothly
  milliseconds sse_progress_interval{100};
  std::vector<std::string> hosts; ///< names in `Host` besides loopback's own
  uint32_t max_connections = 512; ///< event streams not included
  /// And as many event streams again; 0 = no limit. Half of all, so that other
  /// addresses have room.
  uint32_t max_connections_per_address = 256;
  std::vector<std::string> trusted_proxies; ///< addresses that have no limit
  uint64_t max_body_bytes = 1048576;  ///< 1 MB; for requests other than uploads
  milliseconds header_timeout{10000}; ///< for a whole header
  milliseconds body_timeout{30000};   ///< per 64 KB, received or sent
  milliseconds max_body_time{900000}; ///< for a whole body: 50 MB at 450 kbit/s
  uint64_t min_body_rate = 8192;      ///< bytes per second, after body_timeout
  milliseconds idle_timeout{60000};   ///< between requests of a connection
};

/// `[events]`: the bridge to the web tier.
struct event_settings {
  bool publish = true;
  bool publish_queued = true; ///< off if the web tier publishes it
  std::string channel = "worker:events";
  milliseconds progress_interval{500}; ///< at most one per job; not milestones
};

/// `[storage]` and `[catalog]`.
struct storage_settings {
  std::string kind = "folder";          ///< folder or s3
  std::string uploads = "data/uploads"; ///< originals and variants
  std::string s3_endpoint = "https://s3.amazonaws.com"; ///< http(s) URL
  std::string s3_bucket = {};
  std::string s3_region = "us-east-1"; ///< what servers of one's own answer to
  std::string s3_prefix = {};          ///< of all keys, as "darkroom/"
  std::string s3_access_key = {};
  std::string s3_secret_key = {}; ///< secret
  bool s3_path_style = true; ///< endpoint/bucket/key; else bucket.endpoint/key
  milliseconds s3_timeout{30000}; ///< of one request
  uint32_t s3_attempts = 5;       ///< of one request: 0.2 s, 0.4 s, … apart
  /// How long a link to a file works that a browser is redirected to
  std::chrono::seconds s3_link_lifetime{900};
};
struct catalog_settings {
  /// own: Darkroom's tables. adopt: the web tier's. off: none
  std::string tables = "own";
  std::string schema = {}; ///< of them, in PostgreSQL; empty = search_path
  std::string prefix = {}; ///< of the names of Darkroom's tables
  /// With tables = adopt: the web tier's names where they differ from the
  /// seed's: {"images", "Image"}, {"images.file_path", "filePath"}
  std::map<std::string, std::string> names = {};
  std::string database = "data/darkroom.db"; ///< SQLite file, or postgres://…
  milliseconds connect_timeout{2000}; ///< a healthy server accepts in < 50 ms
  milliseconds command_timeout{5000}; ///< a statement takes a few ms
};

/// `[imaging]`: limits and encoders of the codec process.
struct imaging_settings {
  uint64_t max_bytes = 52428800; ///< of an encoded picture: 50 MB
  /// width x height. Phones have 108 MP, and JPEGs of that size take 130 to 700
  /// MB. Pictures that would take more than codec_memory_bytes are refused
  uint64_t max_pixels = 120000000;
  /// Formats that are read. heic and jxl are not among them unless an operator
  /// names them, because only some builds of libvips decode them
  std::vector<std::string> formats = common_formats();
  /// lenient refuses pictures with missing pixels and accepts what every viewer
  /// shows; strict refuses all pictures that a decoder warns about
  std::string strictness = "lenient";
  uint32_t webp_quality = 80;
  uint32_t webp_effort = 4;
  uint32_t avif_quality = 50; ///< as sharp's default
  /// What the AVIF encoder aims at. ssim takes 20 % less time than iq, sharp's
  /// default, but gives smooth pictures less bytes than they need
  std::string avif_tune = "iq";
  uint32_t jpeg_quality = 80; ///< as sharp's default
  /// 4 takes 4.6 x the time of 3. auto: 1 while many jobs wait, 3 while some
  /// do, 4 if none waits and the picture is small enough
  std::optional<uint32_t> avif_effort = 3;
  uint32_t vision_edge = 768;   ///< px, JPEG for the vision model
  uint32_t analysis_edge = 768; ///< px, raw picture for the local analyser
  uint64_t codec_memory_bytes = 1610612736; ///< address space: 1.5 GiB
  milliseconds codec_time{60000};           ///< CPU time for one picture
  /// A codec process is replaced after so many pictures; 0 = never. What a
  /// decoder leaks or an intruder left ends with it, and so does the memory
  /// that it keeps in pieces. A new process costs 30 ms
  uint32_t codec_pictures = 200;
  /// … or if it keeps more than this between two pictures: 256 MiB; 0 = never.
  /// It keeps about 20 MB after photographs
  uint64_t codec_resident_bytes = 268435456;
  /// With avif_effort = auto: this many waiting jobs lower the effort to 1
  uint32_t deep_backlog = 20;
  /// With avif_effort = auto: CPU time that a picture may take at effort 4
  milliseconds effort_time{2000};
  /// Decodes and encodes at once per node. auto: the cores that it may use
  std::optional<uint32_t> cores;
  /// Predicted peaks of all pictures in work. auto: half of the node's memory
  std::optional<uint64_t> memory_bytes;
  /// Whether variants with equal bytes are one file with several rows
  bool share_files = true;
  /// Whether variants of the same bytes by the same recipe are linked instead
  /// of encoded. An encode takes seconds, a link a millisecond; off for
  /// benchmarks
  bool reuse_results = true;
  std::vector<variant_recipe> variants = default_recipes; ///< [[variants]]
};

/// `[vision]`: the model that describes pictures. `[embedding]`: the model that
/// makes vectors.
struct vision_settings {
  /// auto (openai if a key is set), openai, local
  std::string provider = "auto";
  std::string base_url = "https://api.openai.com/v1";
  std::string api_key; ///< secret
  std::string model = "gpt-4o-mini";
  milliseconds timeout{60000};
  std::string models;   ///< folder of the local analyser; empty = search
  double price_in = 0;  ///< money per million tokens that are sent
  double price_out = 0; ///< money per million tokens that are answered
  /// How long an answer is kept for the same picture; 0 = not
  milliseconds cache{86400000};
  /// Language of descriptions and tags, as people call it: "German"; empty =
  /// the model's choice, which is English
  std::string language;
  /// How often the main node looks for pictures of lower providers, to have
  /// them described again; 0 = only `darkroom redescribe` does
  milliseconds redescribe_every{0};
  /// [[vision.providers]], the preferred first; empty = the keys above
  std::vector<provider_settings> providers;
};
struct embedding_settings {
  /// auto (openai if a key is set), openai, local
  std::string provider = "auto";
  std::string base_url = "https://openrouter.ai/api/v1";
  std::string api_key; ///< secret
  std::string model = "openai/text-embedding-3-small";
  uint32_t dimensions = 512;
  milliseconds timeout{30000};
  std::string weights; ///< folder of the sentence encoder; empty = search
  double price_in = 0; ///< money per million tokens
  /// How long a vector is kept for the same text; 0 = not
  milliseconds cache{86400000};
  /// [[embedding.providers]], the preferred first; empty = the keys above
  std::vector<provider_settings> providers;
};

/// `[notify]`: who is told of final failures and of providers.
struct notify_settings {
  std::string webhook; ///< http(s) URL; empty = none
  std::string secret;  ///< signs the calls; empty = they are not signed
  milliseconds timeout{10000};
  uint32_t attempts = 8; ///< of one call: 1 s, 2 s, … up to 5 min apart
};

/// `[fsck]`: looks for contradictions of catalog, queue and files.
struct fsck_settings {
  /// How often a main node looks at a sample; 0 = never. If the last look
  /// suspected something, all unfinished jobs are read, 20 ms per thousand
  milliseconds every{300000};
  /// Pictures, files and jobs per look: 50,000 of each take four hours
  uint32_t sample = 1000;
  /// What changed within this time is left alone. The slowest step between two
  /// stores, a result that waits for a busy catalog, takes 20 s
  milliseconds grace{60000};
  bool repair = false; ///< whether the main node repairs what it finds
};

/// `[log]`.
struct log_settings {
  std::string level = "info";  ///< trace, debug, info, warn, error, off
  std::string format = "text"; ///< text, or json: one object per line
};

/// `[trace]`: spans for a collector that speaks OTLP/HTTP.
struct trace_settings {
  std::string endpoint; ///< URL, as http://localhost:4318; empty = no traces
  std::vector<std::string> headers;  ///< secret; "name=value" of its requests
  std::string service = "darkroom";  ///< service.name of the spans
  double sample = 1;                 ///< share of jobs without a trace, 0..1
  milliseconds flush_interval{5000}; ///< OpenTelemetry's default
  uint32_t max_spans = 2048;         ///< that wait; more are dropped, counted
};

/// All settings.
struct settings {
  redis_settings redis;
  queue_settings queue;
  limit_settings limits;
  budget_settings budget;
  job_settings jobs;
  worker_settings worker;
  cluster_settings cluster;
  supervision_settings supervision;
  http_settings http;
  event_settings events;
  storage_settings storage;
  catalog_settings catalog;
  imaging_settings imaging;
  vision_settings vision;
  embedding_settings embedding;
  notify_settings notify;
  fsck_settings fsck;
  log_settings log;
  trace_settings trace;
};

} // namespace darkroom
