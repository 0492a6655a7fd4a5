/// A DISPATCHER among fakes, on the virtual clock.
#pragma once

#include "actors/dispatcher.hpp"
#include "config/defaults.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_peers.hpp"
#include "tests/support/fake_pool.hpp"
#include "tests/support/fake_queue.hpp"

namespace darkroom {

struct dispatcher_fixture : actor_fixture {
  fake_queue_ptr queue = std::make_shared<fake_queue>();
  fake_peers_ptr peers = std::make_shared<fake_peers>();
  directory_ptr roles = std::make_shared<directory>();
  dispatcher_options options;
  dispatcher_actor dispatcher_;

  dispatcher_fixture() {
    options.queue.limit_max = 0;
    options.node = "main";
    options.token_prefix = "boot";
    options.orphan_prefix = "boot";
    options.now = [this] {
      return now();
    };
    options.wake_watcher = [x = queue] {
      x->interrupt();
    };
    for (auto which : {role::job_store_a, role::job_store_b})
      play(which, sys.spawn(fake_job_store, queue));
    play(role::job_watcher, sys.spawn(fake_job_watcher, queue));
    play(role::catalog, sys.spawn(fake_catalog, peers));
    play(role::event_publisher, sys.spawn(fake_event_publisher, peers));
    play(role::notifier, sys.spawn(fake_notifier, peers));
  }

  ~dispatcher_fixture() override {
    for (int i = 0; i < static_cast<int>(role::count_); ++i)
      roles->set(static_cast<role>(i), nullptr);
    end_all();
    queue->held.clear();
    queue->held_lists.clear();
    queue->watching.clear();
    peers->held_commits.clear();
    for (auto& x : pools_)
      x->dispatcher = nullptr;
  }

  template <class Handle>
  void play(role which, const Handle& handle) {
    roles->set(which, caf::actor_cast<caf::strong_actor_ptr>(ends(handle)));
  }

  void start() {
    dispatcher_ = sys.spawn(dispatcher, roles, options);
    play(role::dispatcher, dispatcher_);
    settle();
  }

  /// A queue limit of so many starts in 1000 ms, by a limiter that answers
  /// what the test says.
  void limit(uint32_t starts) {
    options.queue.limit_max = starts;
    options.queue.limit_window = milliseconds{1000};
    play(role::rate_limiter, sys.spawn(fake_rate_limiter, peers));
  }

  test_pool make_pool() {
    auto log = std::make_shared<fake_pool_log>();
    pools_.push_back(log);
    return {ends(sys.spawn(fake_pool, log)), log};
  }

  /// A pool that has offered its slots.
  test_pool join(uint32_t slots, const std::string& node = "node-1",
                 std::vector<job> running = {}) {
    auto pool = make_pool();
    pool.hello(dispatcher_, node, slots, std::move(running));
    settle();
    return pool;
  }

  static outcome ended(const job& x,
                       outcome_kind kind = outcome_kind::completed) {
    outcome out;
    out.job_id = x.id;
    out.token = x.token;
    out.kind = kind;
    out.value = "\"done\"";
    out.reason = kind == outcome_kind::completed ? "" : "went wrong";
    return out;
  }

  void end(const test_pool& pool, std::vector<outcome> outcomes) {
    pool.send(dispatcher_, outcome_batch{std::move(outcomes)});
    settle();
  }

  void end(const test_pool& pool, const std::string& id,
           outcome_kind kind = outcome_kind::completed) {
    end(pool, {ended(pool.find(id), kind)});
  }

  void report(const test_pool& pool, const std::string& id,
              const std::string& progress) {
    auto x = pool.find(id);
    pool.send(dispatcher_, update_batch{{{x.id, x.token, false, progress, 0}}});
    settle();
  }

  /// The settlements of a job so far.
  std::vector<settlement> settled(const std::string& id) const {
    std::vector<settlement> out;
    for (const auto& x : queue->settled())
      if (x.job_id == id)
        out.push_back(x);
    return out;
  }

  settlement settled_at(const std::string& id, size_t index) const {
    auto all = settled(id);
    if (index >= all.size())
      CAF_FAIL("job " << id << " has " << all.size() << " settlements");
    return all[index];
  }

  bool is_settled(const std::string& id, settle_kind kind) const {
    auto all = settled(id);
    return all.size() == 1 && all[0].kind == kind;
  }

private:
  std::vector<std::shared_ptr<fake_pool_log>> pools_;
};

} // namespace darkroom
