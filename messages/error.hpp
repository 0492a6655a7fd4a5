/// Errors: a code for what went wrong and a sentence that names the culprit.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom {

/// What went wrong, as coarse as decisions need it. Append only: nodes send
/// codes to each other.
enum class ec : uint8_t {
  none = 0,
  bad_config,        ///< a setting is missing, malformed or out of range
  bad_input,         ///< the job's data or a picture can never be processed
  not_found,         ///< the named thing does not exist
  too_large,         ///< more bytes or pixels than allowed
  forbidden_path,    ///< a path that leaves its folder
  redis_unavailable, ///< Redis could not be reached or did not answer in time
  redis_refused,     ///< Redis answered with an error
  fenced,            ///< a newer attempt owns the job: this result is void
  catalog_failed,    ///< the catalog refused
  storage_failed,    ///< the file system refused (full, no permission)
  codec_crashed,     ///< the codec process died while it worked on the picture
  codec_timeout,     ///< the codec process was killed at the time limit
  upstream_failed,   ///< a provider answered with a temporary error
  upstream_refused,  ///< a provider refused for good (4xx): retrying is useless
  throttled,         ///< a provider asks to come back later
  timed_out,         ///< no answer in time
  cancelled,         ///< stopped on request
  protocol,          ///< a peer broke the protocol
  internal,          ///< a bug of ours
  conflict,          ///< the state of the job or queue does not allow it
  catalog_unavailable, ///< the catalog's server is down: ask again
  superseded, ///< a newer job owns the image's part, or the image was deleted
  cut_off,    ///< a picture's file ends early: its upload may still run
};

/// A code and the sentence for people: what was tried, what is wrong, what to
/// do.
struct error {
  ec code = ec::none;
  std::string context;
  /// How long to wait before another try, in ms; 0 if unknown. Only
  /// `ec::throttled` sets it.
  int64_t retry_after_ms = 0;
};

/// The code's name as shown in logs and JSON ("bad_input").
const char* to_string(ec code);

/// Whether the same work may succeed later. No other code decides this.
bool is_retryable(ec code);

} // namespace darkroom
