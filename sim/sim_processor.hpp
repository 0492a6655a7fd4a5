/// Replaces a PROCESSOR: its thread is busy for a random time, then the job
/// ends in a random way.
#pragma once

#include "actors/run_control.hpp"
#include "messages/interfaces.hpp"
#include "sim/ledger.hpp"
#include "sim/stage.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace darkroom::sim {

/// Where it runs. The references must outlive it.
struct bench {
  stage& on;
  ledger& books;
  host_ptr home;
  uint32_t slots = 0;
};

processor_actor::behavior_type
sim_processor(processor_actor::pointer self, bench at,
              processor_pool_actor pool, std::shared_ptr<run_control> control);

} // namespace darkroom::sim
