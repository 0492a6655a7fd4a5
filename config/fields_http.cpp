/// Rows of http.
#include "config/fields.hpp"

namespace darkroom {

// NOLINTNEXTLINE(readability-function-size): a table of settings
std::vector<field> http_fields() {
  using s = http_settings;
  constexpr rows_of<&settings::http> http{"http"};
  return {
    http.flag<&s::enabled>("enabled",
                           "Whether the API and the page are served."),
    http
      .text<&s::bind>(
        "bind",
        "Address to listen on. On loopback, requests without a token may do "
        "everything; on any other, each needs a token.")
      .required(),
    http.flag<&s::insecure>(
      "insecure", "Whether other machines that reach `bind` may do everything "
                  "without a token."),
    http.flag<&s::require_token>(
      "require_token", "Whether requests on loopback need a token, too; for a "
                       "server behind a proxy."),
    http.text<&s::tls_certificate>(
      "tls_certificate", "PEM file of the server's certificate, then of those "
                         "between it and its CA; with its key, the port speaks "
                         "HTTPS. Read again when it changes."),
    http.text<&s::tls_key>(
      "tls_key", "PEM file of that certificate's key, readable by this user "
                 "only."),
    http.duration<&s::session_lifetime>(
      "session_lifetime", 60000, 30 * day,
      "A browser that logged in must do so again after this time."),
    http.duration<&s::keep_audit>(
      "keep_audit", hour, 3650 * day,
      "Entries of the audit log are kept for this long."),
    http.number<&s::history_days>(
      "history_days", 0, 366,
      "Days of the charts, which Redis keeps: about 100 KB per day; 0 = none."),
    http
      .number<&s::port>("port", 0, 65535,
                        "Port to listen on; 0 takes a free one.")
      .env("PORT"),
    http.number<&s::threads>(
      "threads", 1, 256,
      "Threads per kind of requests that may block: those that ask Redis, the "
      "rest of the API, uploads, files. Probes have their own."),
    http.number<&s::max_waiting>(
      "max_waiting", 0, 100000,
      "Requests of a kind that may wait for such a thread; one more "
      "is told to come back (503)."),
    http.size<&s::max_upload_bytes>("max_upload_bytes", 1, 1024 * gib,
                                    "Largest upload that is accepted."),
    http.number<&s::max_sse_clients>(
      "max_sse_clients", 0, 100000,
      "Browsers that may listen at once, 2 KB each when idle."),
    http.number<&s::replay_events>(
      "replay_events", 0, 1000000,
      "Events kept for browsers that come back, in Redis (about 300 bytes "
      "each) and in the process; at least 1000 are kept for live ones."),
    http.duration<&s::sse_keepalive>(
      "sse_keepalive", 1000, hour,
      "A comment is sent this often, so that proxies keep the stream."),
    http.size<&s::sse_buffer_bytes>(
      "sse_buffer_bytes", 16384, gib,
      "A browser that reads slowly and for which more than this waits is sent "
      "on to the newest event, and told so."),
    http.duration<&s::sse_write_timeout>(
      "sse_write_timeout", 100, hour,
      "A browser that reads nothing for this long is let go."),
    http.duration<&s::sse_progress_interval>(
      "sse_progress_interval", 0, minute,
      "At most one frame with the progress of a job in this time, the newest; "
      "0 for all."),
    http
      .list<&s::hosts>(
        "hosts",
        "Names that requests may call this server by, besides loopback's own.")
      .unit("host names"),
    http.number<&s::max_connections>(
      "max_connections", 1, 100000,
      "Connections at once, event streams not counted."),
    http.number<&s::max_connections_per_address>(
      "max_connections_per_address", 0, 100000,
      "Connections of one address at once, and as many event streams; "
      "0 = no limit."),
    http
      .list<&s::trusted_proxies>(
        "trusted_proxies",
        "Addresses whose X-Forwarded-For and X-Forwarded-Proto count, and that "
        "have no such limit, since many clients share them.")
      .unit("IP addresses"),
    http.size<&s::max_body_bytes>(
      "max_body_bytes", 1024, gib,
      "Largest body of a request other than an upload."),
    http.duration<&s::header_timeout>(
      "header_timeout", 100, 10 * minute,
      "How long a whole header may take to arrive."),
    http.duration<&s::body_timeout>(
      "body_timeout", 100, 10 * minute,
      "How long each 64 KB of a body may take, either way."),
    http.duration<&s::max_body_time>(
      "max_body_time", 100, day, "How long a whole body may take, either way."),
    http.size<&s::min_body_rate>(
      "min_body_rate", 1, gib,
      "Bytes per second that a body must have moved on average, once "
      "`body_timeout` is over."),
    http.duration<&s::idle_timeout>(
      "idle_timeout", 100, hour,
      "How long a connection may rest between requests."),
  };
}

} // namespace darkroom
