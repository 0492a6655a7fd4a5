#include "tests/support/fake_dispatcher.hpp"

namespace darkroom {

dispatcher_actor::behavior_type fake_dispatcher(fake_dispatcher_hooks hooks) {
  return {
    [hooks](const pool_hello& x) {
      hooks.on_hello(x);
      return x.slots;
    },
    [hooks](const outcome_batch& x) {
      for (const auto& one : x.outcomes)
        hooks.on_outcome(one);
    },
    [hooks](const update_batch& x) {
      for (const auto& one : x.updates)
        hooks.on_update(one);
    },
    [hooks](const node_lost& x) { hooks.on_lost(x); },
    [hooks](const provider_query& x) { return hooks.on_call(x); },
    [hooks](const provider_report& x) {
      hooks.on_report(x);
      return provider_news{};
    },
    [hooks](const result_query& x) { return hooks.on_query(x); },
    [](const cancel_jobs& x) {
      return id_list{{}, x.ids};
    },
    [](look_work) { return dispatch_status{}; },
    [](drain, int64_t) { return drain_report{}; },
    [](pump) {},
    [](renew) {},
    [](stalled) {},
    [](reap) {},
    [](overdue) {},
  };
}

} // namespace darkroom
