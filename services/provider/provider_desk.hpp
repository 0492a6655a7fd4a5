/// Where jobs and searches ask before they call a provider, and tell
/// afterwards.
#pragma once

#include "messages/provider_call.hpp"
#include "messages/result.hpp"
#include "services/trace/tracer.hpp"

#include <cstddef>

namespace darkroom {

/// Bytes of a provider's words in a report.
inline constexpr size_t longest_words = 1000;

/// Why a permit allows no call now.
inline error refusal_of(const provider_permit& permit) {
  return {ec::throttled,
          permit.why.empty() ? "no call may be made yet" : permit.why,
          permit.wait_ms};
}

/// The way to the main node, which keeps limits, breakers, budgets and answers
/// for the whole cluster. Implementations block.
class provider_desk {
public:
  virtual ~provider_desk() = default;

  /// Waits for leave to make one call. Fills in who asks.
  /// @returns a permit whose `wait_ms` is 0; ec::throttled with the ms to wait,
  ///   if that is longer than the caller waits; ec::fenced if another run owns
  ///   the job; ec::timed_out; ec::cancelled
  virtual result<provider_permit> book(provider_query query) = 0;

  /// Tells what became of a booked call, before anybody uses the answer.
  /// Returns when the main node has stored it, or cannot be reached.
  virtual void report(provider_report what) = 0;

  /// The span that calls belong to; null: none. It outlives the calls.
  const span_scope* span = nullptr;
};

} // namespace darkroom
