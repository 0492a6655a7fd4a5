#include "actors/processor.hpp"

#include "actors/jobs/job_type.hpp"
#include "config/defaults.hpp"

#include <caf/scoped_actor.hpp>

namespace darkroom {

namespace {

/// @returns ms to wait, as `call_request` says; none: no answer came
std::optional<int64_t> book_call(caf::actor_system& sys,
                                 const processor_pool_actor& pool,
                                 const job& work) {
  std::optional<int64_t> out;
  caf::scoped_actor asker{sys};
  asker->request(pool, actor_timeout, call_request{work.id, work.token})
    .receive([&out](int64_t wait) { out = wait; }, [](const caf::error&) {});
  return out;
}

} // namespace

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
                          },
                          [self, pool, &work] {
                            return book_call(self->system(), pool, work);
                          }};
      self->send(pool, run_job(find_job_type(work.name, diagnostics), context));
    },
  };
}

} // namespace darkroom
