#include "messages/error.hpp"

namespace darkroom {

// NOLINTNEXTLINE(readability-function-size): two lines per code
const char* to_string(ec code) {
  switch (code) {
    case ec::none:
      return "none";
    case ec::bad_config:
      return "bad_config";
    case ec::bad_input:
      return "bad_input";
    case ec::not_found:
      return "not_found";
    case ec::too_large:
      return "too_large";
    case ec::forbidden_path:
      return "forbidden_path";
    case ec::redis_unavailable:
      return "redis_unavailable";
    case ec::redis_refused:
      return "redis_refused";
    case ec::fenced:
      return "fenced";
    case ec::catalog_failed:
      return "catalog_failed";
    case ec::storage_failed:
      return "storage_failed";
    case ec::codec_crashed:
      return "codec_crashed";
    case ec::codec_timeout:
      return "codec_timeout";
    case ec::upstream_failed:
      return "upstream_failed";
    case ec::upstream_refused:
      return "upstream_refused";
    case ec::throttled:
      return "throttled";
    case ec::timed_out:
      return "timed_out";
    case ec::cancelled:
      return "cancelled";
    case ec::protocol:
      return "protocol";
    case ec::internal:
      return "internal";
    case ec::conflict:
      return "conflict";
    case ec::catalog_unavailable:
      return "catalog_unavailable";
    case ec::superseded:
      return "superseded";
    case ec::cut_off:
      return "cut_off";
  }
  return "unknown";
}

bool is_retryable(ec code) {
  switch (code) {
    case ec::bad_config:
    case ec::bad_input:
    case ec::too_large:
    case ec::forbidden_path:
    case ec::fenced:
    case ec::upstream_refused:
    case ec::cancelled:
    case ec::protocol:
    case ec::conflict:
    case ec::superseded:
      return false;
    default:
      return true;
  }
}

} // namespace darkroom
