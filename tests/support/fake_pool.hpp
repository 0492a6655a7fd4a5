/// A pool that runs nothing: the test says how its jobs end.
#pragma once

#include "messages/interfaces.hpp"

#include <caf/send.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace darkroom {

struct fake_pool_log {
  std::vector<job> jobs;       ///< all that were sent here, in order
  std::vector<size_t> batches; ///< their sizes
  std::vector<std::string> cancelled;
  std::vector<uint64_t> settled;  ///< serials of outcomes, in order
  std::vector<uint32_t> welcomes; ///< answers to hellos
  dispatcher_actor dispatcher;    ///< where `poll` sends `offer`
  pool_hello offer;
};

inline processor_pool_actor::behavior_type
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
    [](const call_request&) { return int64_t{0}; },
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

/// A pool and what it was told.
struct test_pool {
  processor_pool_actor handle;
  std::shared_ptr<fake_pool_log> log;
  std::vector<std::string> job_types = {}; ///< that it says it runs

  void hello(const dispatcher_actor& to, const std::string& node,
             uint32_t slots, std::vector<job> running = {}) const {
    log->dispatcher = to;
    log->offer = {node, slots, std::move(running), job_types};
    caf::anon_send(handle, poll_v);
  }

  /// Sends as the pool.
  template <class T>
  void send(const dispatcher_actor& to, T message) const {
    auto sender = caf::actor_cast<caf::strong_actor_ptr>(handle);
    caf::actor_cast<caf::actor>(to)->enqueue(
      sender, caf::make_message_id(), caf::make_message(std::move(message)),
      nullptr);
  }

  /// The newest job of this id that was sent here.
  job find(const std::string& id) const {
    for (size_t i = log->jobs.size(); i-- > 0;)
      if (log->jobs[i].id == id)
        return log->jobs[i];
    return {};
  }

  bool has(const std::string& id) const {
    return !find(id).id.empty();
  }
};

} // namespace darkroom
