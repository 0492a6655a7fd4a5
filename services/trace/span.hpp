/// What a trace shows as one bar: a piece of work with its beginning and end.
#pragma once

#include "services/trace/trace_context.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace darkroom {

/// The numbers are OTLP's.
enum class span_kind : uint8_t {
  internal = 1,
  server,
  client,
  producer,
  consumer
};

using span_value = std::variant<std::string, int64_t>;

struct span {
  std::string name;
  span_kind kind = span_kind::internal;
  trace_context context;
  std::string parent_id = {}; ///< empty: the trace begins here
  int64_t began = 0;          ///< ns since the epoch
  int64_t ended = 0;          ///< ns since the epoch
  /// Named by OpenTelemetry's semantic conventions, where these have a name.
  std::vector<std::pair<std::string, span_value>> attributes = {};
  std::string problem = {}; ///< not empty: the work failed with these words
};

/// Now, in ns since the epoch.
int64_t span_clock();

} // namespace darkroom
