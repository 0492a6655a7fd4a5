/// Rows of traces.
#include "config/fields.hpp"

namespace darkroom {

std::vector<field> trace_fields() {
  using s = trace_settings;
  constexpr rows_of<&settings::trace> trace{"trace"};
  return {
    trace
      .text<&s::endpoint>("endpoint",
                          "URL of the collector, as http://localhost:4318; "
                          "/v1/traces is added; empty = no traces.")
      .env("OTEL_EXPORTER_OTLP_ENDPOINT"),
    trace
      .list<&s::headers>("headers",
                         "Further headers for the collector, such as a token; "
                         "values are percent-encoded.")
      .unit("name=value entries")
      .env("OTEL_EXPORTER_OTLP_HEADERS")
      .secret(),
    trace.text<&s::service>("service", "The name of this service in traces.")
      .env("OTEL_SERVICE_NAME")
      .required(),
    trace.amount<&s::sample>("sample",
                             "The share of jobs that is traced, of those whose "
                             "producer says nothing about it.",
                             1),
    trace.duration<&s::flush_interval>(
      "flush_interval", 100, minute,
      "How long a span waits for others to go with; the same as in "
      "OpenTelemetry's libraries."),
    trace.number<&s::max_spans>(
      "max_spans", 1, 100000,
      "That wait for the collector; more are dropped and counted."),
  };
}

} // namespace darkroom
