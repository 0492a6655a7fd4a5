#include "tests/support/fake_pool.hpp"

#include <caf/typed_event_based_actor.hpp>

namespace darkroom {

processor_pool_actor::behavior_type
fake_pool(processor_pool_actor::pointer self,
          std::shared_ptr<fake_pool_log> log) {
  return {
    [log](const job_batch& x) {
      log->settled.insert(log->settled.end(), x.settled.begin(),
                          x.settled.end());
      if (x.jobs.empty())
        return;
      log->batches.push_back(x.jobs.size());
      log->jobs.insert(log->jobs.end(), x.jobs.begin(), x.jobs.end());
    },
    [log](const cancel_runs& x) {
      for (const auto& run : x.runs)
        log->cancelled.push_back(run.job_id);
    },
    [](const node_order&) {},
    [](const chaos_order&) {},
    [](look_pool) { return pool_status{}; },
    [](const outcome&) {},
    [](const job_update&) {},
    [](const provider_query&) { return provider_permit{}; },
    [](const provider_report&) { return provider_news{}; },
    [](const result_query&) { return known_result{}; },
    [](drain, int64_t) { return drain_report{}; },
    [](overdue) {},
    [](overdue, const std::string&) {},
    [self, log](poll) {
      self->request(log->dispatcher, caf::infinite, log->offer)
        .then([log](uint32_t slots) { log->welcomes.push_back(slots); },
              [](caf::error&) {
                // The dispatcher is gone: the test looks at something else.
              });
    },
  };
}

void test_pool::hello(const dispatcher_actor& to, const std::string& node,
                      uint32_t slots, std::vector<job> running) const {
  log->dispatcher = to;
  log->offer = {node, slots, std::move(running), job_types};
  caf::anon_send(handle, poll_v);
}

job test_pool::find(const std::string& id) const {
  for (size_t i = log->jobs.size(); i-- > 0;)
    if (log->jobs[i].id == id)
      return log->jobs[i];
  return {};
}

} // namespace darkroom
