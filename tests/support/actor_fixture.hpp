/// Actors under CAF's deterministic scheduler, with a clock that tests move.
#pragma once

#include "messages/interfaces.hpp"
#include "tests/support/test.hpp"

#include <caf/actor_system_config.hpp>
#include <caf/send.hpp>
#define FAIL CAF_FAIL // dsl.hpp 0.17.6 uses FAIL and never defines it
#include <caf/test/dsl.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <vector>

namespace darkroom {

struct actor_test_config : caf::actor_system_config {
  actor_test_config(); // defined once: instantiates CAF's code for messages
};

/// Runs all messages of a system at the same stack address. Actors that answer
/// later, and CAF's broker, keep a pointer to the scheduler's worker, which is
/// a local variable of try_run_once. So there must always be a worker at this
/// address.
class steady_place {
public:
  /// @param depth bytes below the stack address of the first call; more than
  /// any test uses, and different for each system of a test
  explicit steady_place(size_t depth = 1 << 20) : depth_(depth) {}

  [[gnu::noinline]] bool run_one(caf::scheduler::test_coordinator& sched) {
    auto* here = static_cast<char*>(__builtin_frame_address(0));
    if (place_ == nullptr)
      place_ = here - depth_;
    auto gap = static_cast<size_t>(here - place_);
    auto* skipped = static_cast<volatile char*>(__builtin_alloca(gap));
    skipped[0] = 0;
    return sched.try_run_once();
  }

private:
  size_t depth_;
  char* place_ = nullptr;
};

/// Nothing runs on its own: `settle` handles all waiting messages, `pass` moves
/// the clock. Give actors to `ends` to kill them at the end of the test;
/// otherwise a periodic actor keeps `~test_coordinator_fixture` busy forever.
struct actor_fixture : test_coordinator_fixture<actor_test_config> {
  using milliseconds = std::chrono::milliseconds;

  ~actor_fixture() override {
    end_all();
  }

  bool consume_message() override {
    return place_.run_one(sched);
  }

  template <class Handle>
  Handle ends(const Handle& handle) {
    ending_.push_back(caf::actor_cast<caf::strong_actor_ptr>(handle));
    return handle;
  }

  /// Kills the actors of `ends`. Call it in the destructor of a fixture if
  /// actors use its members.
  void end_all() {
    for (auto& x : ending_)
      caf::anon_send_exit(x, caf::exit_reason::kill);
    ending_.clear();
    settle();
  }

  template <class Handle>
  void kill(const Handle& handle) {
    caf::anon_send_exit(handle, caf::exit_reason::kill);
    settle();
  }

  void settle() {
    consume_messages();
  }

  /// Moves the clock in small steps, so that everything due meanwhile happens
  /// at its time.
  void pass(milliseconds duration, milliseconds step = milliseconds{5}) {
    settle();
    while (duration.count() > 0) {
      auto now = std::min(duration, step);
      advance_time(now);
      settle();
      duration -= now;
    }
  }

  /// The virtual time in ms, as actors see it.
  int64_t now() {
    return std::chrono::duration_cast<milliseconds>(
             sched.clock().now().time_since_epoch())
      .count();
  }

  /// The answer to a request, without moving the clock.
  template <class T, class Handle, class... Ts>
  T ask(const Handle& handle, const Ts&... xs) {
    auto answer = self->request(handle, caf::infinite, xs...);
    settle();
    T out{};
    answer.receive([&](T& x) { out = std::move(x); },
                   [&](caf::error& why) { CAF_FAIL(sys.render(why)); });
    return out;
  }

  /// Begins a drain. Its report is in `drained` once `is_drained`.
  template <class Handle>
  void begin_drain(const Handle& handle, milliseconds grace) {
    sys.spawn([this, handle, grace](caf::event_based_actor* asker) {
      asker->request(handle, caf::infinite, drain_v, grace.count())
        .then([this](const drain_report& x) {
          drained = x;
          is_drained = true;
        });
    });
    settle();
  }

  drain_report drained;
  bool is_drained = false;

private:
  steady_place place_;
  std::vector<caf::strong_actor_ptr> ending_;
};

} // namespace darkroom
