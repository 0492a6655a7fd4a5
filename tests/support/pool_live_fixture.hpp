/// A POOL and its PROCESSORS with real threads, for jobs that block. All waits
/// are for a message; nothing depends on how long something takes.
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

/// Blocks all callers of `pass` until it is open.
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
  inbox<provider_query> calls;
  inbox<provider_report> reports;
  std::atomic<int64_t> call_wait = 0;
  inbox<int> uplink_polls;
  gate held;
  directory_ptr peers = std::make_shared<directory>();
  processor_pool_options options;
  processor_pool_actor pool;
  dispatcher_actor dispatcher_;
  live_system live; // destroyed first: its actors use the other members

  pool_live_fixture();
  ~pool_live_fixture();

  /// Makes jobs wait for the gate and then fail.
  void fail_behind_gate();

  void start_dispatcher();

  /// Ends the dispatcher. Returns once the pool has noticed and told the
  /// uplink.
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
