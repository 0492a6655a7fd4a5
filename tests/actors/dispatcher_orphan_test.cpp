/// The DISPATCHER looks for jobs that were taken and that nobody runs.
#define CAF_SUITE dispatcher_orphan

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(dispatcher_orphan_tests, dispatcher_fixture)

CAF_TEST(a lost claim is looked for before the next claim) {
  queue->add(4);
  queue->failure = "connection lost";
  queue->is_lossy = true; // claimed, but the answer got lost
  start();
  auto pool = join(2);
  CAF_CHECK_EQUAL(queue->waiting.size(), 2u);
  queue->failure.clear();
  queue->reap_failure = "still away";
  auto claimed = queue->claimed();
  pass(300ms);
  CAF_CHECK_GREATER_OR_EQUAL(queue->reaps.size(), 2u);
  CAF_CHECK_EQUAL(queue->claimed(), claimed);
  queue->reap_failure.clear();
  pass(200ms);
  CAF_CHECK_EQUAL(pool.log->jobs.size(), 2u);
}

CAF_TEST(a watch that failed before its claim left nothing to look for) {
  start();
  join(1);
  pass(1s); // the look at the start is over
  auto reaps = queue->reaps.size();
  queue->fail_watches();
  pass(300ms);
  CAF_CHECK_EQUAL(queue->reaps.size(), reaps);
  CAF_CHECK_EQUAL(queue->watching.size(), 1u);
}

CAF_TEST(a watcher that did not hear is told again that it has to end) {
  start();
  join(1);
  queue->is_deaf = true; // the watch of a dead dispatcher took the signal
  pass(600ms);
  CAF_CHECK(queue->reaps.empty());
  queue->is_deaf = false;
  pass(200ms);
  CAF_CHECK_EQUAL(queue->reaps.size(), 1u);
}

CAF_TEST(orphans are looked for among this process and not among its leases) {
  queue->add(1);
  start();
  auto pool = join(2);
  pass(499ms);
  CAF_CHECK(queue->reaps.empty());
  pass(2ms);
  CAF_REQUIRE_EQUAL(queue->reaps.size(), 1u);
  CAF_CHECK_EQUAL(queue->reaps[0].token_prefix, "boot");
  CAF_REQUIRE_EQUAL(queue->reaps[0].running.size(), 1u);
  CAF_CHECK_EQUAL(queue->reaps[0].running[0], "1");
}

CAF_TEST(orphans are not looked for while a claim is on its way) {
  queue->is_silent = true;
  start();
  join(1);
  pass(600ms);
  CAF_CHECK(queue->reaps.empty());
  queue->answer_all();
  pass(10ms);
  CAF_CHECK_EQUAL(queue->reaps.size(), 1u);
}

CAF_TEST(the stalled check runs at the start and once an interval) {
  start();
  CAF_CHECK_EQUAL(queue->stalled_checks, 1);
  pass(29999ms, 1s);
  CAF_CHECK_EQUAL(queue->stalled_checks, 1);
  pass(1ms);
  CAF_CHECK_EQUAL(queue->stalled_checks, 2);
}

CAF_TEST(recovered jobs are claimed) {
  start();
  auto pool = join(2);
  queue->stalled_ids = {"1"};
  queue->add(1);
  self->send(dispatcher_, stalled_v);
  settle();
  CAF_CHECK(pool.has("1"));
}

CAF_TEST(a restarted dispatcher looks twice for what nobody runs) {
  options.is_restart = true;
  start();
  pass(600ms);
  CAF_CHECK_EQUAL(queue->reaps.size(), 1u);
  // A claim of the dead one may have been on its way: until a store gives up.
  pass(store_timeout, 100ms);
  CAF_CHECK_EQUAL(queue->reaps.size(), 2u);
}

CAF_TEST(what a lost claim takes late is looked for) {
  claim_without_answer();
  auto looked = queue->reaps.size();
  pass(store_timeout, 100ms);
  CAF_CHECK_EQUAL(queue->reaps.size(), looked + 1);
}

CAF_TEST(
  a dispatcher that takes over adopts what runs before it looks further) {
  options.is_restart = true;
  options.adoption = 2s;
  options.token_prefix = "main:new";
  options.orphan_prefix = "main:";
  queue->waiting.clear();
  start();
  CAF_CHECK_EQUAL(queue->stalled_checks, 0);
  job held;
  held.id = "7";
  held.token = "main:old:1";
  held.attempt = 1;
  join(2, "node-1", {held});
  CAF_REQUIRE_EQUAL(queue->renewals.size(), 1u); // nobody did meanwhile
  CAF_CHECK_EQUAL(queue->renewals[0].leases[0].token, "main:old:1");
  pass(1999ms, 100ms);
  CAF_CHECK(queue->reaps.empty());
  pass(2ms);
  CAF_REQUIRE_EQUAL(queue->reaps.size(), 1u);
  CAF_CHECK_EQUAL(queue->reaps[0].token_prefix, "main:");
  CAF_REQUIRE_EQUAL(queue->reaps[0].running.size(), 1u);
  CAF_CHECK_EQUAL(queue->reaps[0].running[0], "7");
  pass(2s, 100ms);
  CAF_CHECK_EQUAL(queue->stalled_checks, 1);
}

CAF_TEST_FIXTURE_SCOPE_END()
