/// Takes the spans of a process.
#pragma once

#include "services/trace/span.hpp"

#include <memory>
#include <string>

namespace darkroom {

/// Thread-safe.
class tracer {
public:
  /// @param sample the share of traces begun here that are to be seen, 0..1
  explicit tracer(double sample) : sample_(sample) {}
  virtual ~tracer() = default;
  tracer(const tracer&) = delete;
  tracer& operator=(const tracer&) = delete;

  /// Takes a span that has ended; never blocks.
  virtual void add(span ended) = 0;

  /// Hands on what it still has, for at most three seconds. Spans that come
  /// afterwards are lost.
  virtual void finish() {}

  /// Begins a trace. If it is to be seen, its context has no span yet: the
  /// first one has no parent.
  trace_context begin() const;

private:
  double sample_;
};

/// Shared by the actors of a process; null if nobody wants to see traces.
using tracer_ptr = std::shared_ptr<tracer>;

/// A span from its construction to its end. Not thread-safe.
class span_scope {
public:
  /// Records nothing, and has no context to pass on.
  span_scope() = default;

  /// Records nothing if there is no tracer, or if the trace is not to be seen:
  /// then the parent's context is passed on.
  span_scope(tracer_ptr into, trace_context parent, std::string name,
             span_kind kind = span_kind::internal);

  ~span_scope();
  span_scope(span_scope&& other) noexcept;
  span_scope& operator=(span_scope&& other) noexcept;

  /// For whoever continues this work.
  const trace_context& context() const {
    return span_.context;
  }

  span_scope child(std::string name,
                   span_kind kind = span_kind::internal) const;

  void set(std::string key, span_value value);

  /// The work has failed.
  void fail(std::string why);

  /// Ends the span; the destructor does the same.
  void end();

private:
  tracer_ptr into_; ///< null: nothing is recorded
  span span_;
};

} // namespace darkroom
