/// The PROCESSOR POOL on the virtual clock: everything but blocking jobs, which
/// run in threads of their own (processor_test.cpp).
#define CAF_SUITE processor_pool

#include "actors/processor_pool.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_dispatcher.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  directory_ptr peers = std::make_shared<directory>();
  processor_pool_options options;
  processor_pool_actor pool;
  dispatcher_actor dispatcher_;
  std::vector<pool_hello> hellos;
  std::vector<outcome> outcomes;
  std::function<void()> before_answer; ///< to a hello
  int uplink_polls = 0;

  fixture() {
    options.node = "node-1";
    options.slots = 3;
    options.diagnostics = true;
  }

  ~fixture() override {
    end_all();
    peers->set(role::uplink, nullptr);
    peers->set(role::dispatcher, nullptr);
  }

  void start_dispatcher() {
    fake_dispatcher_hooks hooks;
    hooks.on_hello = [this](pool_hello x) {
      hellos.push_back(x);
      if (before_answer)
        before_answer();
    };
    hooks.on_outcome = [this](outcome x) {
      outcomes.push_back(x);
    };
    use(sys.spawn(fake_dispatcher, hooks));
  }

  void use(const dispatcher_actor& x) {
    dispatcher_ = ends(x);
    peers->set(role::dispatcher, caf::actor_cast<caf::strong_actor_ptr>(x));
    settle();
  }

  void start_uplink() {
    auto behaviour = [this]() -> uplink_actor::behavior_type {
      return {
        [this](poll) { ++uplink_polls; },
        [](const node_order&) {},
        [](const chaos_order&) {},
        [](ping) {},
      };
    };
    auto up = ends(sys.spawn(behaviour));
    peers->set(role::uplink, caf::actor_cast<caf::strong_actor_ptr>(up));
  }

  void start_pool() {
    pool = ends(sys.spawn(processor_pool, peers, options));
    settle();
  }

  void start() {
    start_dispatcher();
    start_pool();
  }

  void lose_dispatcher() {
    peers->set(role::dispatcher, nullptr);
    kill(dispatcher_);
  }

  static job a_job(const std::string& id, const std::string& name = "echo",
                   const std::string& data = "{}") {
    job x;
    x.id = id;
    x.token = "t";
    x.name = name;
    x.data = data;
    return x;
  }

  void send(std::vector<job> jobs) {
    send_from(dispatcher_, std::move(jobs));
  }

  void post_from(const caf::strong_actor_ptr& sender, std::vector<job> jobs) {
    caf::actor_cast<caf::actor>(pool)->enqueue(
      sender, caf::make_message_id(),
      caf::make_message(job_batch{std::move(jobs)}), nullptr);
  }

  template <class Handle>
  void send_from(const Handle& sender, std::vector<job> jobs) {
    post_from(caf::actor_cast<caf::strong_actor_ptr>(sender), std::move(jobs));
    settle();
  }

  void tell_settled(std::vector<uint64_t> serials) {
    caf::actor_cast<caf::actor>(pool)->enqueue(
      caf::actor_cast<caf::strong_actor_ptr>(dispatcher_),
      caf::make_message_id(),
      caf::make_message(job_batch{{}, std::move(serials)}), nullptr);
    settle();
  }

  drain_report report;
  bool is_drained = false;

  void drain(std::chrono::milliseconds grace) {
    sys.spawn([this, grace](caf::event_based_actor* asker) {
      asker->request(pool, caf::infinite, drain_v, grace.count())
        .then([this](const drain_report& x) {
          report = x;
          is_drained = true;
        });
    });
    settle();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(processor_pool_tests, fixture)

CAF_TEST(a pool offers its slots to the dispatcher) {
  start();
  CAF_REQUIRE_EQUAL(hellos.size(), 1u);
  CAF_CHECK_EQUAL(hellos[0].node, "node-1");
  CAF_CHECK_EQUAL(hellos[0].slots, 3u);
  CAF_CHECK(hellos[0].running.empty());
  pass(10s, 100ms);
  CAF_CHECK_EQUAL(hellos.size(), 1u);
}

CAF_TEST(a pool without a dispatcher looks for one every fifty milliseconds) {
  start_pool();
  pass(49ms, 1ms);
  start_dispatcher();
  CAF_CHECK(hellos.empty());
  pass(1ms);
  CAF_CHECK_EQUAL(hellos.size(), 1u);
}

CAF_TEST(jobs that cross an offer are not run) {
  start();
  before_answer = [this] {
    // Sent before it was read: as it does not name them, they go back.
    post_from(caf::actor_cast<caf::strong_actor_ptr>(dispatcher_),
              {a_job("1")});
  };
  self->send(pool, poll_v); // from the uplink: a new link
  settle();
  CAF_REQUIRE_EQUAL(hellos.size(), 2u);
  CAF_CHECK(outcomes.empty());
  send({a_job("2")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 1u);
  CAF_CHECK_EQUAL(outcomes[0].job_id, "2");
}

CAF_TEST(an offer without an answer is made again) {
  auto mute
    = [](dispatcher_actor::pointer self) -> dispatcher_actor::behavior_type {
    self->set_default_handler(caf::skip);
    return {
      [self](const pool_hello&) {
        return self->make_response_promise<uint32_t>();
      },
      [](const outcome_batch&) {},
      [](const update_batch&) {},
      [](const node_lost&) {},
      [](const call_request&) { return int64_t{0}; },
      [](const cancel_jobs&) { return id_list{}; },
      [](look_work) { return dispatch_status{}; },
      [](darkroom::drain, int64_t) { return drain_report{}; },
      [](pump) {},
      [](renew) {},
      [](stalled) {},
      [](reap) {},
      [](overdue) {},
    };
  };
  auto silent = ends(sys.spawn(mute));
  use(silent);
  start_pool();
  pass(1s, 50ms);
  start_dispatcher();
  pass(2s, 50ms);
  CAF_CHECK_EQUAL(hellos.size(), 1u);
}

CAF_TEST(cheap jobs run at once and are answered in their order) {
  start();
  send({a_job("1", "echo", "[1]"), a_job("2", "echo", "[2]"),
        a_job("3", "crash", R"({"message":"oh"})")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 3u);
  CAF_CHECK_EQUAL(outcomes[0].value, "[1]");
  CAF_CHECK_EQUAL(outcomes[1].value, "[2]");
  CAF_CHECK(outcomes[2].kind == outcome_kind::failed);
  CAF_CHECK_EQUAL(outcomes[2].reason, "oh");
}

CAF_TEST(updates of a cheap job travel with its outcome) {
  start();
  send({a_job("1", "log", R"({"lines":["a","b"]})"), a_job("2")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  CAF_REQUIRE_EQUAL(outcomes[0].updates.size(), 2u);
  CAF_CHECK_EQUAL(outcomes[0].updates[1].value, "b");
  CAF_CHECK(outcomes[1].updates.empty());
}

CAF_TEST(a job that nobody knows is refused) {
  start();
  send({a_job("1", "no-such-job")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 1u);
  CAF_CHECK(outcomes[0].kind == outcome_kind::refused);
}

CAF_TEST(a job that is not valid is answered and not run) {
  start();
  auto bad = a_job("1");
  bad.options.backoff = static_cast<backoff_kind>(77);
  send({bad, a_job("2")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  for (const auto& x : outcomes)
    CAF_CHECK((x.kind == outcome_kind::refused) == (x.job_id == "1"));
}

CAF_TEST(diagnostic jobs are unknown unless they are asked for) {
  options.diagnostics = false;
  start();
  send({a_job("1"), a_job("2", "sleep")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  for (const auto& x : outcomes)
    CAF_CHECK(x.kind == outcome_kind::refused);
}

CAF_TEST(a deferred failure needs no processor) {
  start();
  auto x = a_job("1", "generate-variants");
  x.deferred_failure = "its child failed";
  send({x});
  CAF_REQUIRE_EQUAL(outcomes.size(), 1u);
  CAF_CHECK_EQUAL(outcomes[0].reason, "its child failed");
}

CAF_TEST(jobs of anybody but the present dispatcher are not run) {
  start();
  auto old = dispatcher_;
  send_from(self, {a_job("1")});
  CAF_CHECK(outcomes.empty());
  lose_dispatcher();
  send_from(old, {a_job("2")});
  start_dispatcher();
  pass(50ms);
  send_from(old, {a_job("3")});
  CAF_CHECK(outcomes.empty());
  send({a_job("4")});
  CAF_CHECK_EQUAL(outcomes.size(), 1u);
}

CAF_TEST(a pool that lost its dispatcher offers its slots to the next) {
  start_uplink();
  start();
  lose_dispatcher();
  CAF_CHECK_EQUAL(uplink_polls, 1);
  start_dispatcher();
  pass(50ms);
  CAF_CHECK_EQUAL(hellos.size(), 2u);
}

CAF_TEST(outcomes are counted from one) {
  start();
  send({a_job("1"), a_job("2")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(outcomes[0].serial, 1u);
  CAF_CHECK_EQUAL(outcomes[1].serial, 2u);
}

CAF_TEST(an outcome that was not settled is sent to the next dispatcher) {
  start();
  send({a_job("1"), a_job("2"), a_job("3")});
  tell_settled({2});
  lose_dispatcher();
  outcomes.clear();
  start_dispatcher();
  pass(50ms);
  CAF_REQUIRE_EQUAL(hellos.size(), 2u);
  CAF_REQUIRE_EQUAL(hellos[1].running.size(),
                    2u); // it has to know their leases
  CAF_CHECK_EQUAL(hellos[1].running[0].id, "1");
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(outcomes[0].job_id, "1");
  CAF_CHECK_EQUAL(outcomes[1].job_id, "3");
  CAF_CHECK_EQUAL(outcomes[1].serial, 3u);
}

CAF_TEST(an outcome is sent again over a new link to the same dispatcher) {
  start();
  send({a_job("1")});
  self->send(pool, poll_v);
  settle();
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(outcomes[1].serial, outcomes[0].serial);
}

CAF_TEST(what an old dispatcher says of outcomes is not heard) {
  start();
  send({a_job("1")});
  auto old = dispatcher_;
  dispatcher_ = nullptr;
  start_dispatcher();
  self->send(pool, poll_v);
  settle();
  std::swap(dispatcher_, old);
  tell_settled({1});
  std::swap(dispatcher_, old);
  self->send(pool, poll_v);
  settle();
  CAF_CHECK_EQUAL(outcomes.size(), 3u);
}

CAF_TEST(a drain without a dispatcher waits for outcomes to be taken) {
  start();
  send({a_job("1")});
  lose_dispatcher();
  drain(25s);
  CAF_CHECK(!is_drained);
  start_dispatcher();
  pass(50ms);
  CAF_CHECK_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(report.stranded, 0u);
}

CAF_TEST(outcomes that no dispatcher took are stranded) {
  start();
  send({a_job("1"), a_job("2")});
  tell_settled({1});
  lose_dispatcher();
  drain(1s);
  pass(999ms);
  CAF_CHECK(!is_drained);
  pass(1ms);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(report.stranded, 1u);
  CAF_CHECK_EQUAL(report.handed_back, 1u);
}

CAF_TEST(whoever hears of jobs that have ended gets their outcomes) {
  start();
  send({a_job("1")});
  self->send(pool, node_order{"node-1", true});
  settle();
  CAF_REQUIRE_EQUAL(hellos.back().running.size(), 1u);
  CAF_REQUIRE_EQUAL(outcomes.size(), 2u);
  CAF_CHECK_EQUAL(outcomes[1].serial, 1u);
}

CAF_TEST(a dead dispatcher in the directory is not asked in a loop) {
  start();
  kill(dispatcher_); // returns only if nothing goes on for ever
  pass(500ms);
  start_dispatcher();
  pass(50ms);
  CAF_CHECK_EQUAL(hellos.size(), 2u);
  pass(1s);
  CAF_CHECK_EQUAL(hellos.size(), 2u);
}

CAF_TEST(a pool lets go of a dispatcher that the uplink has lost) {
  start();
  auto old = dispatcher_;
  peers->set(role::dispatcher, nullptr);
  self->send(pool, poll_v);
  settle();
  send_from(old, {a_job("1")});
  CAF_CHECK(outcomes.empty());
  peers->set(role::dispatcher, caf::actor_cast<caf::strong_actor_ptr>(old));
  pass(50ms);
  CAF_CHECK_EQUAL(hellos.size(), 2u);
}

CAF_TEST(a pool whose link is new offers its slots to the same dispatcher) {
  // The main node cut this node off meanwhile.
  start();
  self->send(pool, poll_v);
  settle();
  CAF_CHECK_EQUAL(hellos.size(), 2u);
}

CAF_TEST(a pool of a quiet node offers no slots) {
  options.is_quiet = true;
  start();
  CAF_REQUIRE_EQUAL(hellos.size(), 1u);
  CAF_CHECK_EQUAL(hellos[0].slots, 0u);
}

CAF_TEST(a drain of an idle pool ends once the dispatcher knows) {
  start();
  drain(25s);
  CAF_CHECK(is_drained);
  CAF_CHECK_EQUAL(report.handed_back, 0u);
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
}

CAF_TEST(a drain of an idle pool without a dispatcher ends at once) {
  start_pool();
  drain(25s);
  CAF_CHECK(is_drained);
}

CAF_TEST(a draining pool offers no slots to a new dispatcher) {
  start();
  drain(25s);
  lose_dispatcher();
  start_dispatcher();
  pass(50ms);
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
}

CAF_TEST(jobs that cross a drain are not run) {
  // The dispatcher gives them back: the hello does not name them.
  start();
  drain(25s);
  send({a_job("1")});
  CAF_CHECK(outcomes.empty());
}

CAF_TEST(a result that was not asked for is ignored) {
  start();
  outcome x;
  x.job_id = "1";
  x.token = "t";
  self->send(pool, x);
  settle();
  CAF_CHECK(outcomes.empty());
}

CAF_TEST(a cordoned pool offers nothing until it is told so) {
  start();
  caf::anon_send(pool, node_order{"node-1", true});
  settle();
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
  auto count = hellos.size();
  caf::anon_send(pool, node_order{"node-1", true}); // once more
  settle();
  CAF_CHECK_EQUAL(hellos.size(), count);
  send({a_job("1")}); // sent before the dispatcher knew
  CAF_CHECK(outcomes.empty());
  CAF_CHECK(ask<pool_status>(pool, look_pool_v).is_cordoned);
  caf::anon_send(pool, node_order{"node-1", false});
  settle();
  CAF_CHECK_EQUAL(hellos.back().slots, 3u);
  send({a_job("2")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 1u);
  CAF_CHECK_EQUAL(outcomes[0].job_id, "2");
}

CAF_TEST(a pool that is restarted is still cordoned) {
  start();
  caf::anon_send(pool, node_order{"node-1", true});
  settle();
  kill(pool);
  start_pool();
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
