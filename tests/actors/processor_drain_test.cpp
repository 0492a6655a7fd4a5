/// A pool with blocking jobs loses its dispatcher, or drains.
#define CAF_SUITE processor_drain

#include "actors/processor_pool.hpp"
#include "tests/support/live_system.hpp"
#include "tests/support/pool_live_fixture.hpp"

#include <thread>

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(processor_drain_tests, pool_live_fixture)

CAF_TEST(the next dispatcher hears of a job that runs and of its outcome) {
  fail_behind_gate();
  start();
  run({sleeping("1", 0)});
  lose_dispatcher();
  start_dispatcher();
  auto hello = hellos.at(1);
  CAF_REQUIRE_EQUAL(hello.running.size(), 1u);
  CAF_CHECK_EQUAL(hello.running[0].id, "1");
  CAF_CHECK_EQUAL(hello.running[0].data, R"({"ms":0})");
  held.open();
  CAF_CHECK_EQUAL(outcomes.at(0).reason, "no uploads folder");
}

CAF_TEST(an outcome without a dispatcher is kept for the next) {
  fail_behind_gate();
  start();
  run({sleeping("1", 0)});
  lose_dispatcher();
  outcome done;
  done.job_id = "1";
  done.token = "t";
  done.value = "\"kept\"";
  live.self->send(pool, done);
  start_dispatcher();
  CAF_CHECK_EQUAL(outcomes.at(0).value, "\"kept\"");
  auto hello = hellos.at(1);
  CAF_CHECK_EQUAL(hello.running.size(), 1u);
  held.open();
  CAF_CHECK_EQUAL(drained(25s).handed_back, 0u);
  for (const auto& x : outcomes.all()) // nobody said that it is settled
    CAF_CHECK_EQUAL(x.serial, 1u);     // the late one is dropped
}

CAF_TEST(a drain waits for a job that ends in time) {
  fail_behind_gate();
  start();
  run({sleeping("1", 0)});
  std::thread opener{[this] {
    held.open();
  }};
  auto report = drained(25s);
  opener.join();
  CAF_CHECK_EQUAL(report.handed_back, 0u);
  CAF_CHECK(!outcomes.all().empty());
  // Sent again by the drain's offer, where it was there before the drain.
  for (const auto& x : outcomes.all())
    CAF_CHECK_EQUAL(x.serial, 1u);
}

CAF_TEST(a drain cuts short what does not end in time) {
  start();
  run({sleeping("1", an_hour), sleeping("2", an_hour)});
  auto report = drained(0s);
  CAF_CHECK_EQUAL(report.handed_back, 2u);
  CAF_CHECK_EQUAL(report.stranded, 0u);
  auto ended = outcomes.wait_for(2);
  for (const auto& x : ended)
    CAF_CHECK(x.kind == outcome_kind::returned);
}

CAF_TEST(jobs are stranded where no dispatcher takes them back) {
  fail_behind_gate();
  start();
  run({sleeping("1", 0)});
  lose_dispatcher();
  auto report = drained(1ms);
  CAF_CHECK_EQUAL(report.handed_back, 1u);
  CAF_CHECK_EQUAL(report.stranded, 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
