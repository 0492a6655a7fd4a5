/// Actors with real threads and the real clock, for actors that block. Tests
/// wait for messages, never for time.
#pragma once

#include "tests/support/actor_fixture.hpp"

#include <caf/actor_system.hpp>
#include <caf/scoped_actor.hpp>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <vector>

namespace darkroom {

/// Only something broken takes longer.
inline constexpr std::chrono::seconds patience{30};

struct live_system {
  actor_test_config config;
  caf::actor_system sys{config};
  caf::scoped_actor self{sys};
  std::vector<caf::strong_actor_ptr> ending;

  /// Kills the actors given to `ends`, so that nothing waits for them.
  ~live_system() {
    end_all();
  }

  template <class Handle>
  Handle ends(const Handle& handle) {
    ending.push_back(caf::actor_cast<caf::strong_actor_ptr>(handle));
    return handle;
  }

  /// Kills the actors given to `ends` and waits until they have ended.
  void end_all() {
    for (auto& x : ending) {
      caf::anon_send_exit(x, caf::exit_reason::kill);
      self->wait_for(caf::actor_cast<caf::actor>(x));
    }
    ending.clear();
  }

  template <class T, class Handle, class... Ts>
  T ask(const Handle& handle, const Ts&... xs) {
    T out{};
    self->request(handle, patience, xs...)
      .receive([&](T& x) { out = std::move(x); },
               [&](caf::error& why) { CAF_FAIL(sys.render(why)); });
    return out;
  }
};

/// Takes values from other threads for a test.
template <class T>
class inbox {
public:
  void put(T x) {
    {
      std::lock_guard guard{mutex_};
      items_.push_back(std::move(x));
    }
    changed_.notify_all();
  }

  /// Waits for `count` values. @returns all values so far
  std::vector<T> wait_for(size_t count) {
    std::unique_lock lock{mutex_};
    if (!changed_.wait_for(lock, patience,
                           [&] { return items_.size() >= count; }))
      CAF_FAIL("got " << items_.size() << " of " << count);
    return items_;
  }

  /// Waits for the value with this index.
  T at(size_t index) {
    return wait_for(index + 1)[index];
  }

  std::vector<T> all() {
    std::lock_guard guard{mutex_};
    return items_;
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<T> items_;
};

} // namespace darkroom
