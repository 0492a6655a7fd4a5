/// Runs one blocking job at a time, in its own thread.
#pragma once

#include "actors/jobs/job_tools.hpp"
#include "actors/run_control.hpp"
#include "messages/interfaces.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <memory>

namespace darkroom {

/// Makes the tools of one processor; called in its thread, at its first job.
using tools_factory = std::function<result<std::unique_ptr<job_tools>>()>;

struct processor_state {
  static inline const char* name = "processor";
  std::unique_ptr<job_tools> tools;
};

/// Spawn it detached; its pool ends it.
/// @param tracing takes spans of runs; may be null
processor_actor::behavior_type
processor(processor_actor::stateful_pointer<processor_state> self,
          processor_pool_actor pool, tools_factory make_tools,
          std::shared_ptr<run_control> control, bool diagnostics,
          tracer_ptr tracing);

} // namespace darkroom
