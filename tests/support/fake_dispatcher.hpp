/// A DISPATCHER that records what pools tell it.
#pragma once

#include "messages/interfaces.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// Called in the dispatcher's thread.
struct fake_dispatcher_hooks {
  std::function<void(pool_hello)> on_hello = [](pool_hello) {
  };
  std::function<void(outcome)> on_outcome = [](outcome) {
  };
  std::function<void(job_update)> on_update = [](job_update) {
  };
  std::function<provider_permit(provider_query)> on_call = [](provider_query) {
    return provider_permit{};
  };
  std::function<void(provider_report)> on_report = [](provider_report) {
  };
  std::function<known_result(result_query)> on_query = [](result_query) {
    return known_result{};
  };
  std::function<void(node_lost)> on_lost = [](node_lost) {
  };
};

dispatcher_actor::behavior_type fake_dispatcher(fake_dispatcher_hooks hooks);

} // namespace darkroom
