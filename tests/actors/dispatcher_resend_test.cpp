/// The DISPATCHER sends settlements again whose answers were lost.
#define CAF_SUITE dispatcher_resend

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(dispatcher_resend_tests, running_fixture)

CAF_TEST(a settlement without an answer is kept and sent again) {
  run(1, 1);
  queue->failure = "connection lost";
  end(pool, "1");
  pass(1s);
  CAF_CHECK_EQUAL(peers->count(event_kind::completed), 0u);
  queue->failure.clear();
  pass(100ms);
  CAF_CHECK_EQUAL(peers->count(event_kind::completed), 1u);
  auto tries = settled("1").size();
  CAF_CHECK_GREATER(tries, 1u);
  pass(1s);
  CAF_CHECK_EQUAL(settled("1").size(), tries);
}

CAF_TEST(a settlement is kept for as long as Redis is away) {
  run(3, 3);
  queue->failure = "connection lost";
  end(pool, {ended(pool.find("1")), ended(pool.find("2"))});
  end(pool, "3");
  pass(60s, 50ms);
  queue->failure.clear();
  pass(200ms);
  CAF_CHECK_EQUAL(peers->count(event_kind::completed), 3u);
}

CAF_TEST(a store that never answers does not lose a settlement) {
  run(1, 1);
  queue->is_silent = true;
  end(pool, "1");
  pass(14999ms, 100ms);
  CAF_CHECK_EQUAL(settled("1").size(), 1u);
  queue->is_silent = false;
  pass(200ms);
  CAF_CHECK_EQUAL(settled("1").size(), 2u);
  CAF_CHECK_EQUAL(peers->count(event_kind::completed), 1u);
}

CAF_TEST(a settlement that worked although its answer was lost is settled) {
  run(2, 2);
  queue->failure = "connection lost";
  end(pool, "1", outcome_kind::refused);
  end(pool, "2", outcome_kind::refused);
  queue->statuses = {{"1", settle_status::gone},
                     {"2", settle_status::not_active}};
  queue->failure.clear();
  pass(200ms);
  CAF_CHECK_EQUAL(peers->failures.size(), 2u);
}

CAF_TEST(a resent settlement of a job that another took tells nobody) {
  run(1, 1);
  queue->failure = "connection lost";
  end(pool, "1", outcome_kind::refused);
  queue->failure.clear();
  queue->statuses["1"] = settle_status::fenced;
  pass(200ms);
  CAF_CHECK_EQUAL(settled("1").size(), 2u);
  CAF_CHECK(peers->failures.empty());
}

CAF_TEST(a settlement is sent again soon although the queue is limited) {
  run(1, 2);
  queue->limited_until = now() + 60000;
  queue->interrupt();
  settle();
  queue->add(1);
  queue->wake();
  settle();
  queue->failure = "connection lost";
  end(pool, "1");
  queue->failure.clear();
  pass(200ms);
  CAF_CHECK_EQUAL(peers->count(event_kind::completed), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
