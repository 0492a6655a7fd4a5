#include "actors/processor.hpp"

#include "actors/jobs/job_type.hpp"
#include "actors/main_desk.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <caf/scoped_actor.hpp>

namespace darkroom {

namespace {

/// @returns nothing if no sound answer came in time
std::optional<known_result> find_result(caf::actor_system& sys,
                                        const processor_pool_actor& pool,
                                        const result_query& query) {
  std::optional<known_result> out;
  caf::scoped_actor asker{sys};
  asker->request(pool, actor_timeout, query)
    .receive([&out](known_result& found) { out = std::move(found); },
             [](const caf::error&) {});
  if (out
      && is_dropped(validate(*out), "processor dropped a known result",
                    caf::actor_cast<caf::actor_addr>(pool)))
    return std::nullopt;
  return out;
}

} // namespace

processor_actor::behavior_type
processor(processor_actor::stateful_pointer<processor_state> self,
          processor_pool_actor pool, tools_factory make_tools,
          std::shared_ptr<run_control> control, bool diagnostics,
          tracer_ptr tracing) {
  return {
    [=](const job& work) {
      auto& tools = self->state.tools;
      if (tools && tools->are_outdated && tools->are_outdated())
        tools.reset();
      if (!tools) {
        auto made = make_tools();
        if (!made) {
          self->send(pool, failed(work, made.error()));
          return;
        }
        tools = std::move(*made);
      }
      main_desk desk{self->system(), pool, work, *control, tools->call_slack};
      job_context context{work,
                          tools.get(),
                          *control,
                          [self, pool](job_update x) {
                            self->send(pool, std::move(x));
                          },
                          &desk,
                          [self, pool](const result_query& query) {
                            return find_result(self->system(), pool, query);
                          },
                          tracing};
      self->send(pool, run_job(find_job_type(work.name, diagnostics), context));
    },
  };
}

} // namespace darkroom
