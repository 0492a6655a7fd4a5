/// W3C Trace Context (level 1): which trace a piece of work belongs to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// The span that is to be the parent of whatever gets the context.
struct trace_context {
  std::string trace_id;    ///< 32 hex digits, lower case; empty: no context
  std::string span_id;     ///< 16 hex digits, lower case
  bool is_sampled = false; ///< whoever began the trace wants to see it
  std::string state = {};  ///< `tracestate`: passed on unread; may be empty

  explicit operator bool() const {
    return !trace_id.empty();
  }
};

/// Ids that are not all zeros. Thread-safe.
std::string random_trace_id();
std::string random_span_id();

/// 16 hex digits, not all zeros.
bool is_span_id(std::string_view text);

/// Reads the values of the headers `traceparent` and `tracestate`. A `state`
/// that is longer than 512 bytes or not printable is left out.
/// @returns no context if `parent` is not exactly what the standard says
trace_context parse_trace(std::string_view parent, std::string_view state = {});

/// The value of the header `traceparent`: "00-<trace>-<span>-01".
std::string traceparent_of(const trace_context& context);

/// Adds the headers of a request that continues the trace: "traceparent: …" and
/// "tracestate: …". Adds none without a context.
void add_trace_headers(const trace_context& context,
                       std::vector<std::string>& headers);

/// Reads what a producer with BullMQ's telemetry stores with a job (`opts.tm`):
/// {"traceparent": …, "tracestate": …}, or a bare traceparent.
/// @returns no context if it says none
trace_context read_carrier(std::string_view text);

/// The same as JSON; empty without a context.
std::string write_carrier(const trace_context& context);

} // namespace darkroom
