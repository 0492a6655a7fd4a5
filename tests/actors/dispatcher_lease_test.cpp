/// The DISPATCHER keeps leases: they are renewed, lost, and cancelled. What
/// becomes of pools is in dispatcher_pool_test.cpp.
#define CAF_SUITE dispatcher_lease

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(dispatcher_lease_tests, running_fixture)

CAF_TEST(leases are renewed at a quarter of the lock) {
  run(2, 2);
  pass(7499ms, 100ms);
  CAF_CHECK(queue->renewals.empty());
  pass(1ms);
  CAF_REQUIRE_EQUAL(queue->renewals.size(), 1u);
  CAF_CHECK_EQUAL(queue->renewals[0].leases.size(), 2u);
  CAF_CHECK_EQUAL(queue->renewals[0].attempts[0], 1u);
  pass(7500ms, 100ms);
  CAF_CHECK_EQUAL(queue->renewals.size(), 2u);
}

CAF_TEST(a stalled check spares what runs here) {
  run(2, 2);
  pass(options.queue.stalled_interval + 1s, 1s);
  CAF_CHECK_EQUAL(queue->stalled_checks, 2);
  CAF_REQUIRE_EQUAL(queue->spared.leases.size(), 2u);
  CAF_CHECK_EQUAL(queue->spared.leases[0].job_id, "1");
  CAF_CHECK_EQUAL(queue->spared.leases[0].token, pool.find("1").token);
  CAF_CHECK_EQUAL(queue->spared.attempts, (std::vector<uint32_t>{1, 1}));
}

CAF_TEST(nothing is renewed where nothing runs) {
  run(1, 1);
  end(pool, "1");
  pass(8s, 100ms);
  CAF_CHECK(queue->renewals.empty());
}

CAF_TEST(a lost lease cancels the job and its result is void) {
  run(2, 2);
  queue->lost = {"1"};
  pass(7500ms, 100ms);
  CAF_REQUIRE_EQUAL(pool.log->cancelled.size(), 1u);
  CAF_CHECK_EQUAL(pool.log->cancelled[0], "1");
  end(pool, {ended(pool.find("1")), ended(pool.find("2"))});
  CAF_CHECK(settled("1").empty());
  CAF_CHECK(is_settled("2", settle_kind::complete));
}

CAF_TEST(a job that an operator cancels fails for good) {
  run(2, 2);
  auto answer = ask<id_list>(dispatcher_, cancel_jobs{{"1", "unknown"}});
  CAF_CHECK_EQUAL(answer.ids, std::vector<std::string>{"1"});
  CAF_CHECK_EQUAL(pool.log->cancelled, std::vector<std::string>{"1"});
  end(pool, "1", outcome_kind::returned);
  CAF_CHECK(is_settled("1", settle_kind::fail));
  CAF_CHECK_EQUAL(settled_at("1", 0).value, cancel_reason);
  CAF_CHECK(settled("2").empty());
}

CAF_TEST(a cancelled job whose pool dies fails too) {
  run(1, 1);
  ask<id_list>(dispatcher_, cancel_jobs{{"1"}});
  kill(pool.handle);
  CAF_CHECK(is_settled("1", settle_kind::fail));
  CAF_CHECK(!settled_at("1", 0).runner_died);
}

CAF_TEST(a job that completes before it can be cancelled is complete) {
  run(1, 1);
  ask<id_list>(dispatcher_, cancel_jobs{{"1"}});
  end(pool, "1");
  CAF_CHECK(is_settled("1", settle_kind::complete));
  CAF_CHECK(ask<id_list>(dispatcher_, cancel_jobs{{"1"}}).ids.empty());
}

CAF_TEST(what a dead store was asked was not done and is asked again soon) {
  queue->add(2);
  start();
  pool = join(1);
  pass(1s); // its first look for orphans
  auto reaps = queue->reaps.size();
  for (auto which : {role::job_store_a, role::job_store_b})
    kill(caf::actor_cast<caf::actor>(roles->find_any(which)));
  end(pool, "1");
  CAF_CHECK(settled("1").empty());
  for (auto which : {role::job_store_a, role::job_store_b})
    play(which, sys.spawn(fake_job_store, queue));
  pass(10ms, 1ms);
  CAF_CHECK(is_settled("1", settle_kind::complete));
  CAF_CHECK(pool.has("2"));
  pass(50ms);
  CAF_CHECK_EQUAL(queue->reaps.size(), reaps);
}

CAF_TEST(a lost lease is cancelled once) {
  run(1, 1);
  queue->lost = {"1"};
  pass(16s, 100ms);
  CAF_CHECK_EQUAL(pool.log->cancelled.size(), 1u);
}

CAF_TEST(what is lost is not renewed while it still runs) {
  run(2, 2);
  queue->lost = {"1"};
  pass(7500ms, 100ms);
  queue->renewals.clear();
  pass(options.queue.stalled_interval, 1s);
  CAF_REQUIRE(!queue->renewals.empty());
  for (const auto& leases : {queue->renewals[0].leases, queue->spared.leases}) {
    CAF_REQUIRE_EQUAL(leases.size(), 1u);
    CAF_CHECK_EQUAL(leases[0].job_id, "2");
  }
}

CAF_TEST(a lost lease keeps its slot until the job has ended) {
  run(1, 1);
  queue->lost = {"1"};
  pass(7500ms, 100ms);
  queue->add(1);
  pass(1s);
  CAF_CHECK(!pool.has("2"));
  end(pool, "1");
  CAF_CHECK(pool.has("2"));
}

CAF_TEST(progress of a job with a lost lease is not stored) {
  run(1, 1);
  queue->lost = {"1"};
  pass(7500ms, 100ms);
  auto steps = queue->steps.size();
  report(pool, "1", "50");
  CAF_CHECK_EQUAL(queue->steps.size(), steps);
}

CAF_TEST(a renewal that fails changes nothing) {
  run(1, 1);
  queue->failure = "Redis is away";
  pass(7500ms, 100ms);
  queue->failure.clear();
  end(pool, "1");
  CAF_CHECK(is_settled("1", settle_kind::complete));
}

CAF_TEST(a lost lease of an earlier run does not void the present one) {
  run(1, 1);
  auto other = join(1, "node-2");
  // The renewal is on its way while the job moves and is claimed anew.
  pass(7400ms, 100ms);
  queue->is_silent = true;
  pass(100ms);
  CAF_REQUIRE_EQUAL(queue->held_lists.size(), 1u);
  queue->is_silent = false;
  queue->interrupt();
  queue->waiting.push_back(pool.find("1"));
  kill(pool.handle);
  queue->wake();
  settle();
  CAF_REQUIRE(other.has("1"));
  queue->lost = {"1"};
  queue->answer_all();
  settle();
  CAF_CHECK(other.log->cancelled.empty());
  end(other, "1");
  CAF_REQUIRE_EQUAL(settled("1").size(), 2u);
  CAF_CHECK(settled_at("1", 1).kind == settle_kind::complete);
}

CAF_TEST(only the newest run of a job is renewed) {
  run(1, 1);
  auto other = join(2, "node-2");
  queue->is_silent = true; // the answer to its give_back is late
  queue->waiting.push_back(pool.find("1"));
  kill(pool.handle);
  queue->is_silent = false;
  queue->interrupt();
  settle();
  queue->wake();
  settle();
  CAF_REQUIRE(other.has("1"));
  pass(7500ms, 100ms);
  CAF_REQUIRE(!queue->renewals.empty());
  CAF_REQUIRE_EQUAL(queue->renewals[0].leases.size(), 1u);
  CAF_CHECK_EQUAL(queue->renewals[0].leases[0].token, other.find("1").token);
}

CAF_TEST_FIXTURE_SCOPE_END()
