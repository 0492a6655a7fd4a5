/// The DISPATCHER claims no more than limits allow.
#define CAF_SUITE dispatcher_permit

#include "actors/dispatcher.hpp"
#include "tests/support/dispatcher_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(dispatcher_permit_tests, dispatcher_fixture)

CAF_TEST(nothing is claimed before the limit of Redis ends) {
  queue->add(1);
  start();
  pass(600ms); // the look for orphans at the start is over
  auto pool = join(5);
  queue->limited_until = now() + 500;
  end(pool, "1");
  queue->limited_until = 0;
  queue->add(2);
  auto claimed = queue->claimed();
  queue->interrupt();
  pass(499ms, 1ms);
  CAF_CHECK_EQUAL(queue->claimed(), claimed);
  CAF_CHECK(!pool.has("2"));
  pass(1ms);
  CAF_CHECK(pool.has("2"));
  CAF_CHECK(pool.has("3"));
}

CAF_TEST(permits are asked for free slots and no more than these are claimed) {
  limit(10);
  peers->permit_answer = {3, 0};
  queue->add(8);
  start();
  auto pool = join(5);
  CAF_REQUIRE(!peers->permit_requests.empty());
  CAF_CHECK_EQUAL(peers->permit_requests[0].wanted, 5u);
  CAF_CHECK_EQUAL(peers->permit_requests[0].held, 0u);
  CAF_CHECK_EQUAL(pool.log->jobs.size(), 5u); // 3, then 2 more
}

CAF_TEST(permits that are in claims on their way are told as held) {
  limit(10);
  peers->permit_answer = {3, 0};
  queue->is_silent = true;
  start();
  auto pool = join(9);
  peers->permit_answer = {0, 0};
  pool.hello(dispatcher_, "node-1", 9);
  settle();
  CAF_CHECK_EQUAL(peers->permit_requests.back().held, queue->claimed());
  CAF_CHECK_EQUAL(peers->permit_requests.back().wanted, 9 - queue->claimed());
}

CAF_TEST(without a permit nothing is claimed until the limiter says) {
  limit(10);
  queue->add(1);
  peers->permit_answer = {0, now() + 1000};
  start();
  auto pool = join(1);
  peers->permit_answer = {1, 0};
  pass(999ms, 1ms);
  CAF_CHECK_EQUAL(queue->claimed(), 0u);
  pass(1ms);
  CAF_CHECK(pool.has("1"));
}

CAF_TEST(a limiter that waits for reports is not asked in a loop) {
  limit(10);
  peers->permit_answer = {2, 0};
  start();
  pass(600ms);
  join(2);
  peers->permit_answer = {0, 0};
  join(3, "node-2");
  auto asked = peers->permit_requests.size();
  pass(1s);
  CAF_CHECK_EQUAL(peers->permit_requests.size(), asked);
  // The watcher comes back without a job: its permits are free again.
  peers->permit_answer = {5, 0};
  queue->interrupt();
  settle();
  CAF_CHECK_EQUAL(queue->watches.back().slots, 5u);
}

CAF_TEST(used and unused permits are reported) {
  limit(10);
  peers->permit_answer = {4, 0};
  queue->add(1);
  start();
  join(4);
  uint32_t used = 0;
  uint32_t unused = 0;
  for (const auto& x : peers->permit_reports) {
    used += x.used;
    unused += x.unused;
  }
  CAF_CHECK_EQUAL(used, 1u);
  CAF_CHECK_EQUAL(used + unused,
                  queue->claimed() - queue->watching.back().second.slots);
}

CAF_TEST(a start counts from when its claim was sent) {
  limit(10);
  peers->permit_answer = {4, 0};
  queue->add(1);
  start();
  queue->is_silent = true;
  join(4);
  auto sent = now();
  pass(7ms, 1ms);
  queue->answer_all();
  settle();
  auto used = std::find_if(peers->permit_reports.begin(),
                           peers->permit_reports.end(),
                           [](const auto& x) { return x.used > 0; });
  CAF_REQUIRE(used != peers->permit_reports.end());
  CAF_CHECK_EQUAL(used->started, sent);
}

CAF_TEST(permits of a claim that failed are given back) {
  limit(10);
  peers->permit_answer = {4, 0};
  queue->failure = "Redis is away";
  start();
  join(4);
  uint32_t unused = 0;
  for (const auto& x : peers->permit_reports)
    unused += x.unused;
  CAF_CHECK_EQUAL(unused, queue->claimed());
}

CAF_TEST(a limiter that is away is asked again) {
  limit(10);
  auto limiter = roles->find_any(role::rate_limiter);
  roles->set(role::rate_limiter, nullptr);
  queue->add(1);
  start();
  auto pool = join(1);
  peers->permit_answer = {1, 0};
  roles->set(role::rate_limiter, limiter);
  pass(99ms, 1ms);
  CAF_CHECK(!pool.has("1"));
  pass(1ms);
  CAF_CHECK(pool.has("1"));
}

CAF_TEST(a call to a provider is booked by a job store) {
  start();
  queue->call_wait = 700;
  int64_t wait = 0;
  sys.spawn([&](caf::event_based_actor* asker) {
    asker
      ->request(dispatcher_, actor_timeout,
                provider_query{"1", "t", "vision", {"a"}, {}})
      .then([&wait](const provider_permit& x) { wait = x.wait_ms; });
  });
  settle();
  CAF_CHECK_EQUAL(wait, 700);
  CAF_REQUIRE_EQUAL(queue->calls.size(), 1u);
  CAF_CHECK_EQUAL(queue->calls[0].job_id, "1");
}

CAF_TEST(a change of a provider is published and told once) {
  start();
  auto report = [&] {
    provider_report call;
    call.job_id = "1";
    call.token = "t";
    call.resource = "vision";
    call.profile_id = "a";
    call.end = call_end::unusable;
    call.words = "no money";
    auto is_answered = false;
    sys.spawn([&](caf::event_based_actor* asker) {
      asker->request(dispatcher_, actor_timeout, call)
        .then([&](const provider_news&) { is_answered = true; });
    });
    settle();
    CAF_CHECK(is_answered);
  };
  queue->news.change = "opened";
  queue->news.until = 5000;
  report();
  queue->news = {};
  report();
  CAF_REQUIRE_EQUAL(peers->published.size(), 1u);
  CAF_CHECK_EQUAL(peers->published[0].state, "resting");
  CAF_CHECK_EQUAL(peers->published[0].words, "no money");
  CAF_CHECK_EQUAL(peers->published[0].until, 5000);
  CAF_CHECK_EQUAL(peers->alerts.size(), 1u);
  queue->news.change = "closed";
  queue->news.spent = {"80 vision.money", "100 total.requests"};
  report();
  CAF_REQUIRE_EQUAL(peers->alerts.size(), 4u);
  CAF_CHECK_EQUAL(peers->alerts[1].state, "working");
  CAF_CHECK_EQUAL(peers->alerts[2].state, "80 %");
  CAF_CHECK_EQUAL(peers->alerts[3].resource, "total.requests");
  CAF_CHECK_EQUAL(peers->alerts[3].state, "spent");
}

CAF_TEST(jobs that wait for a provider go on when a node joins) {
  options.resources = {"vision", "embedding"};
  start();
  join(1);
  CAF_CHECK_EQUAL(queue->woken,
                  (std::vector<std::string>{"vision", "embedding"}));
}

CAF_TEST(a query for known variants is answered by the catalog) {
  start();
  peers->query_answer.variants.resize(2);
  size_t found = 0;
  auto refusals = 0;
  auto ask = [&](const std::string& hash) {
    sys.spawn([&, hash](caf::event_based_actor* asker) {
      asker
        ->request(dispatcher_, actor_timeout,
                  result_query{hash, std::string(64, 'a'), 1, 9})
        .then([&](const known_result& x) { found = x.variants.size(); },
              [&](caf::error&) { ++refusals; });
    });
    settle();
  };
  ask(std::string(64, 'b'));
  CAF_CHECK_EQUAL(found, 2u);
  ask("b");
  CAF_CHECK_EQUAL(refusals, 1);
  CAF_REQUIRE_EQUAL(peers->queries.size(), 1u);
  CAF_CHECK_EQUAL(peers->queries[0].highest_effort, 9u);
}

CAF_TEST(a call that is not valid is answered and not booked) {
  start();
  bool is_refused = false;
  sys.spawn([&](caf::event_based_actor* asker) {
    asker
      ->request(dispatcher_, actor_timeout,
                provider_query{"1", "a\nb", "vision", {"a"}, {}})
      .then([](const provider_permit&) {},
            [&](caf::error& why) {
              is_refused = why == caf::sec::invalid_argument;
            });
  });
  settle();
  CAF_CHECK(is_refused);
  CAF_CHECK(queue->calls.empty());
}

CAF_TEST_FIXTURE_SCOPE_END()
