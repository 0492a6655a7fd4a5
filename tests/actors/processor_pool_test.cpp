/// The PROCESSOR POOL on the virtual clock: everything but blocking jobs, which
/// run in threads of their own (processor_test.cpp), and what happens to
/// outcomes (processor_pool_outcome_test.cpp).
#define CAF_SUITE processor_pool

#include "actors/processor_pool.hpp"
#include "tests/support/pool_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(processor_pool_tests, pool_fixture)

CAF_TEST(a pool offers its slots to the dispatcher) {
  start();
  CAF_REQUIRE_EQUAL(hellos.size(), 1u);
  CAF_CHECK_EQUAL(hellos[0].node, "node-1");
  CAF_CHECK_EQUAL(hellos[0].slots, 3u);
  CAF_CHECK(hellos[0].running.empty());
  pass(10s, 100ms);
  CAF_CHECK_EQUAL(hellos.size(), 1u);
}

CAF_TEST(slots that change are offered when the pool is told) {
  auto slots = std::make_shared<std::atomic<uint32_t>>(3);
  options.live_slots = slots;
  start();
  CAF_CHECK_EQUAL(hellos.back().slots, 3u);
  *slots = 5;
  self->send(pool, poll_v);
  settle();
  CAF_CHECK_EQUAL(hellos.back().slots, 5u);
  CAF_CHECK_EQUAL(ask<pool_status>(pool, look_pool_v).slots, 5u);
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
              job_batch{{a_job("1")}});
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
      [](const provider_query&) { return provider_permit{}; },
      [](const provider_report&) { return provider_news{}; },
      [](const result_query&) { return known_result{}; },
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

CAF_TEST(a cordoned pool offers nothing until it is told so) {
  start();
  caf::anon_send(pool, node_order{"node-1", true, {}});
  settle();
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
  auto count = hellos.size();
  caf::anon_send(pool, node_order{"node-1", true, {}}); // once more
  settle();
  CAF_CHECK_EQUAL(hellos.size(), count);
  send({a_job("1")}); // sent before the dispatcher knew
  CAF_CHECK(outcomes.empty());
  CAF_CHECK(ask<pool_status>(pool, look_pool_v).is_cordoned);
  caf::anon_send(pool, node_order{"node-1", false, {}});
  settle();
  CAF_CHECK_EQUAL(hellos.back().slots, 3u);
  CAF_CHECK_EQUAL(ask<pool_status>(pool, look_pool_v).done, 0);
  send({a_job("2")});
  CAF_REQUIRE_EQUAL(outcomes.size(), 1u);
  CAF_CHECK_EQUAL(outcomes[0].job_id, "2");
  CAF_CHECK_EQUAL(ask<pool_status>(pool, look_pool_v).done, 1);
}

CAF_TEST(a pool that is restarted is still cordoned) {
  start();
  caf::anon_send(pool, node_order{"node-1", true, {}});
  settle();
  kill(pool);
  start_pool();
  CAF_CHECK_EQUAL(hellos.back().slots, 0u);
}

CAF_TEST_FIXTURE_SCOPE_END()
