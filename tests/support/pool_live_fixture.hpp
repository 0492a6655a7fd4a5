/// A POOL and its PROCESSORS with real threads: jobs that block. What waits,
/// waits for a message; nothing here depends on how long something takes.
#pragma once

#include "actors/processor.hpp"
#include "actors/processor_pool.hpp"
#include "tests/support/fake_dispatcher.hpp"
#include "tests/support/live_system.hpp"
#include "tests/support/scratch.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>

namespace darkroom {

/// Lets all who wait go on once it is open.
class gate {
public:
  void open() {
    {
      std::lock_guard guard{mutex_};
      is_open_ = true;
    }
    changed_.notify_all();
  }

  void pass() {
    std::unique_lock lock{mutex_};
    changed_.wait_for(lock, patience, [&] { return is_open_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool is_open_ = false;
};

struct pool_live_fixture {
  scratch_folder folder;
  settings config;
  std::atomic<int> tools_made = 0;
  inbox<pool_hello> hellos;
  inbox<outcome> outcomes;
  inbox<job_update> updates;
  inbox<call_request> calls;
  std::atomic<int64_t> call_wait = 0;
  inbox<int> uplink_polls;
  gate held;
  directory_ptr peers = std::make_shared<directory>();
  processor_pool_options options;
  processor_pool_actor pool;
  dispatcher_actor dispatcher_;
  live_system live; // first to go: its actors use the rest

  pool_live_fixture();
  ~pool_live_fixture();

  /// Makes jobs fail with this, once the gate is open.
  void fail_behind_gate();

  void start_dispatcher();

  /// Returns once the pool knows: it tells the uplink.
  void lose_dispatcher();

  void start();

  static job sleeping(const std::string& id, int64_t ms);

  template <class T>
  void send(T message) {
    caf::actor_cast<caf::actor>(pool)->enqueue(
      caf::actor_cast<caf::strong_actor_ptr>(dispatcher_),
      caf::make_message_id(), caf::make_message(std::move(message)), nullptr);
  }

  void run(std::vector<job> jobs);

  drain_report drained(std::chrono::milliseconds grace);
};

constexpr int64_t an_hour = 3600000; // ms

} // namespace darkroom
