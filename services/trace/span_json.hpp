/// Writes spans as OTLP/HTTP wants them: ExportTraceServiceRequest in JSON.
#pragma once

#include "services/trace/span.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Which process the spans are from: texts by the names of OpenTelemetry's
/// resource attributes, such as "service.name".
using trace_resource = std::vector<std::pair<std::string, std::string>>;

/// Texts are on one line, and cut after 1000 bytes.
std::string spans_json(const trace_resource& from,
                       const std::vector<span>& spans);

/// What a receiver did not take of a batch that it accepted.
struct partial_success {
  uint64_t rejected = 0; ///< spans
  std::string why;       ///< its words
};

/// Reads the body of a 200, ExportTraceServiceResponse in JSON.
partial_success read_export_answer(const std::string& body);

} // namespace darkroom
