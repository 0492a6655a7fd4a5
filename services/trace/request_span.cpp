#include "services/trace/request_span.hpp"

namespace darkroom {

span_scope request_span(const tracer_ptr& tracing,
                        const http_request& request) {
  auto parent = parse_trace(request.header("traceparent"),
                            request.header("tracestate"));
  if (!parent && tracing)
    parent = tracing->begin();
  span_scope out{tracing, parent, request.method + ' ' + request.route,
                 span_kind::server};
  out.set("http.request.method", request.method);
  out.set("http.route", request.route);
  return out;
}

} // namespace darkroom
