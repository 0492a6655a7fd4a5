/// The span of a call to a provider.
#include "services/provider/asking.hpp"

namespace darkroom {

/// Begins it, and has the provider continue the trace.
void asking::begin_span(json_post& post) {
  if (with_.desk.span == nullptr)
    return;
  span_ = with_.desk.span->child("call " + host_of(to()), span_kind::client);
  span_.set("http.request.method", "POST");
  span_.set("url.full", who_);
  span_.set("server.address", host_of(to()));
  span_.set("gen_ai.operation.name", question_.kind() == request_kind::embedding
                                       ? "embeddings"
                                       : "chat");
  span_.set("gen_ai.request.model", to().model);
  add_trace_headers(span_.context(), post.headers);
}

void asking::end_span(const provider_report& ended) {
  span_.set("darkroom.call.result", to_string(ended.end));
  if (ended.tokens_in + ended.tokens_out > 0) {
    span_.set("gen_ai.usage.input_tokens",
              static_cast<int64_t>(ended.tokens_in));
    span_.set("gen_ai.usage.output_tokens",
              static_cast<int64_t>(ended.tokens_out));
  }
  if (ended.end != call_end::answered)
    span_.fail(ended.words);
  span_.end();
}

} // namespace darkroom
