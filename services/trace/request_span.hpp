/// The span of an HTTP request that adds jobs.
#pragma once

#include "services/http/message.hpp"
#include "services/trace/tracer.hpp"

namespace darkroom {

/// Continues the trace that the request's `traceparent` names. Without that
/// header a trace begins, so that one trace has all jobs of the request.
/// @param tracing may be null: then the context of the header is passed on
span_scope request_span(const tracer_ptr& tracing, const http_request& request);

} // namespace darkroom
