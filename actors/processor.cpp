#include "actors/processor.hpp"

#include "actors/jobs/job_type.hpp"

namespace darkroom {

processor_actor::behavior_type
processor(processor_actor::stateful_pointer<processor_state> self,
          processor_pool_actor pool, tools_factory make_tools,
          std::shared_ptr<run_control> control, bool diagnostics) {
  return {
    [=](const job& work) {
      if (!self->state.tools) {
        auto made = make_tools();
        if (!made) {
          self->send(pool, failed(work, made.error()));
          return;
        }
        self->state.tools = std::move(*made);
      }
      job_context context{work, self->state.tools.get(), *control,
                          [self, pool](job_update x) {
                            self->send(pool, std::move(x));
                          }};
      self->send(pool, run_job(find_job_type(work.name, diagnostics), context));
    },
  };
}

} // namespace darkroom
