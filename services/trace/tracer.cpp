#include "services/trace/tracer.hpp"

#include <sodium.h>

#include <utility>

namespace darkroom {

trace_context tracer::begin() const {
  constexpr uint32_t steps = 1U << 24;
  trace_context out{random_trace_id(), {}};
  out.is_sampled = randombytes_uniform(steps) < sample_ * steps;
  if (!out.is_sampled)
    out.span_id = random_span_id();
  return out;
}

span_scope::span_scope(tracer_ptr into, trace_context parent, std::string name,
                       span_kind kind) {
  span_.context = std::move(parent);
  if (!into || !span_.context || !span_.context.is_sampled)
    return;
  into_ = std::move(into);
  span_.name = std::move(name);
  span_.kind = kind;
  span_.parent_id = std::exchange(span_.context.span_id, random_span_id());
  span_.began = span_clock();
}

span_scope::~span_scope() {
  end();
}

span_scope::span_scope(span_scope&& other) noexcept
  : into_(std::exchange(other.into_, nullptr)),
    span_(std::move(other.span_)) {}

span_scope& span_scope::operator=(span_scope&& other) noexcept {
  end();
  into_ = std::exchange(other.into_, nullptr);
  span_ = std::move(other.span_);
  return *this;
}

span_scope span_scope::child(std::string name, span_kind kind) const {
  return {into_, span_.context, std::move(name), kind};
}

void span_scope::set(std::string key, span_value value) {
  if (into_)
    span_.attributes.emplace_back(std::move(key), std::move(value));
}

void span_scope::fail(std::string why) {
  span_.problem = why.empty() ? "failed" : std::move(why);
}

void span_scope::end() {
  auto into = std::exchange(into_, nullptr);
  if (!into)
    return;
  span_.ended = span_clock();
  into->add(span_);
}

} // namespace darkroom
