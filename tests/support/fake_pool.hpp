/// A pool that runs no jobs: the test says how they end.
#pragma once

#include "messages/interfaces.hpp"

#include <caf/send.hpp>

#include <memory>
#include <string>
#include <vector>

namespace darkroom {

struct fake_pool_log {
  std::vector<job> jobs;       ///< all jobs sent to this pool, in order
  std::vector<size_t> batches; ///< their sizes
  std::vector<std::string> cancelled;
  std::vector<uint64_t> settled;  ///< serials of outcomes, in order
  std::vector<uint32_t> welcomes; ///< answers to hellos
  dispatcher_actor dispatcher;    ///< where `poll` sends `offer`
  pool_hello offer;
};

processor_pool_actor::behavior_type
fake_pool(processor_pool_actor::pointer self,
          std::shared_ptr<fake_pool_log> log);

/// A pool and what it was told.
struct test_pool {
  processor_pool_actor handle;
  std::shared_ptr<fake_pool_log> log;
  std::vector<std::string> job_types = {}; ///< of its hello

  void hello(const dispatcher_actor& to, const std::string& node,
             uint32_t slots, std::vector<job> running = {}) const;

  /// Sends a message with the pool as its sender.
  template <class T>
  void send(const dispatcher_actor& to, T message) const {
    auto sender = caf::actor_cast<caf::strong_actor_ptr>(handle);
    caf::actor_cast<caf::actor>(to)->enqueue(
      sender, caf::make_message_id(), caf::make_message(std::move(message)),
      nullptr);
  }

  /// The newest job with this id that was sent to this pool.
  job find(const std::string& id) const;

  bool has(const std::string& id) const {
    return !find(id).id.empty();
  }
};

} // namespace darkroom
