/// A PROCESSOR POOL with a fake dispatcher and uplink, on the virtual clock.
#pragma once

#include "actors/processor_pool.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_dispatcher.hpp"

#include <functional>
#include <string>
#include <vector>

namespace darkroom {

struct pool_fixture : actor_fixture {
  directory_ptr peers = std::make_shared<directory>();
  processor_pool_options options;
  processor_pool_actor pool;
  dispatcher_actor dispatcher_;
  std::vector<pool_hello> hellos;
  std::vector<outcome> outcomes;
  std::function<void()> before_answer; ///< to a hello
  int uplink_polls = 0;

  pool_fixture();

  ~pool_fixture() override;

  void start_dispatcher();

  void use(const dispatcher_actor& x);

  void start_uplink();

  void start_pool();

  void start() {
    start_dispatcher();
    start_pool();
  }

  void lose_dispatcher();

  static job a_job(const std::string& id, const std::string& name = "echo",
                   const std::string& data = "{}");

  void send(std::vector<job> jobs) {
    send_from(dispatcher_, std::move(jobs));
  }

  /// Puts the batch into the pool's mailbox without running the pool.
  void post_from(const caf::strong_actor_ptr& sender, job_batch batch);

  template <class Handle>
  void send_from(const Handle& sender, std::vector<job> jobs) {
    post_from(caf::actor_cast<caf::strong_actor_ptr>(sender),
              job_batch{std::move(jobs)});
    settle();
  }
};

} // namespace darkroom
