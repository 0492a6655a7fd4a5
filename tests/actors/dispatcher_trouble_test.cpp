/// The DISPATCHER tells what Redis does not do, for as long as that is so.
#define CAF_SUITE dispatcher_trouble

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"
#include "tests/support/log_lines.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(dispatcher_trouble_tests, dispatcher_fixture)

CAF_TEST(what Redis does not do is told until it does something again) {
  start();
  auto trouble = [this] {
    return ask<dispatch_status>(dispatcher_, look_work_v).trouble;
  };
  join(1);
  CAF_CHECK_EQUAL(trouble(), "");
  queue->failure = "OOM command not allowed";
  queue->fail_watches();
  settle();
  CAF_CHECK_EQUAL(trouble(), "Redis is away");
  pass(1s);
  CAF_CHECK_EQUAL(trouble(), queue->failure);
  queue->failure.clear();
  queue->add(1);
  pass(200ms);
  CAF_CHECK_EQUAL(trouble(), "");
}

CAF_TEST(trouble of a watch is over as soon as Redis answers) {
  start();
  join(1);
  queue->fail_watches();
  settle();
  CAF_CHECK_EQUAL(ask<dispatch_status>(dispatcher_, look_work_v).trouble,
                  "Redis is away");
  pass(200ms); // nothing comes, and the next watch would take seconds
  CAF_CHECK_EQUAL(ask<dispatch_status>(dispatcher_, look_work_v).trouble, "");
}

CAF_TEST(locks are renewed as soon as Redis is back) {
  queue->add(1);
  start();
  auto pool = join(2);
  CAF_REQUIRE_EQUAL(pool.log->jobs.size(), 1u);
  CAF_CHECK(queue->renewals.empty());
  queue->lost = {"1"}; // a replica that never heard of its start
  queue->fail_watches();
  pass(200ms);
  CAF_REQUIRE_EQUAL(queue->renewals.size(), 1u);
  CAF_CHECK_EQUAL(queue->renewals[0].leases[0].job_id, "1");
  end(pool, "1");
  CAF_CHECK(queue->settled().empty()); // its result is void
}

CAF_TEST(claims that Redis refuses are trouble though a reap works) {
  log_lines log;
  queue->failure = "NOREPLICAS";
  start();
  join(1);
  for (int i = 0; i < 200; ++i) {
    pass(5ms, 5ms);
    CAF_CHECK_EQUAL(ask<dispatch_status>(dispatcher_, look_work_v).trouble,
                    "NOREPLICAS");
  }
  CAF_CHECK_GREATER(queue->reaps.size(), 5u);
  CAF_CHECK_LESS(queue->steps.size(), 50u); // no busy loop
  CAF_CHECK_EQUAL(log.count("dispatcher waits for Redis: NOREPLICAS"), 1u);
}

CAF_TEST(there is no trouble where nothing is wanted) {
  start();
  auto pool = join(1);
  queue->fail_watches();
  kill(pool.handle);
  pass(1s);
  CAF_CHECK_EQUAL(ask<dispatch_status>(dispatcher_, look_work_v).trouble, "");
}

CAF_TEST_FIXTURE_SCOPE_END()
