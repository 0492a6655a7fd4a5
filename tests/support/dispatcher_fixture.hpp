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

  dispatcher_fixture();

  ~dispatcher_fixture() override;

  template <class Handle>
  void play(role which, const Handle& handle) {
    roles->set(which, caf::actor_cast<caf::strong_actor_ptr>(ends(handle)));
  }

  void start();

  /// Limits the queue to this many starts per 1000 ms, with a limiter that
  /// answers what the test says.
  void limit(uint32_t starts);

  /// Lets a first claim get no answer; then Redis works again for a second.
  void claim_without_answer();

  test_pool make_pool();

  /// Makes a pool that has offered its slots.
  test_pool join(uint32_t slots, const std::string& node = "node-1",
                 std::vector<job> running = {},
                 std::vector<std::string> job_types = {});

  static outcome ended(const job& x,
                       outcome_kind kind = outcome_kind::completed);

  void end(const test_pool& pool, std::vector<outcome> outcomes) {
    pool.send(dispatcher_, outcome_batch{std::move(outcomes)});
    settle();
  }

  void end(const test_pool& pool, const std::string& id,
           outcome_kind kind = outcome_kind::completed) {
    end(pool, {ended(pool.find(id), kind)});
  }

  void report(const test_pool& pool, const std::string& id,
              const std::string& progress);

  /// The settlements of a job so far.
  std::vector<settlement> settled(const std::string& id) const;

  settlement settled_at(const std::string& id, size_t index) const;

  bool is_settled(const std::string& id, settle_kind kind) const;

private:
  std::vector<std::shared_ptr<fake_pool_log>> pools_;
};

/// A DISPATCHER whose jobs run in one POOL.
struct running_fixture : dispatcher_fixture {
  test_pool pool;

  /// Adds this many jobs, each with a picture, and runs one per slot.
  void run(int jobs, uint32_t slots, const std::string& name = "echo");

  /// Cuts off the pool's node, which returns at once; its job "1" runs there.
  void lose_connection();

  /// A result with rows to commit.
  outcome with_commit(const std::string& id) const;
};

} // namespace darkroom
