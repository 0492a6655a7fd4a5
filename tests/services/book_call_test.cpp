/// Jobs that book their calls to a limited resource.
#define CAF_SUITE book_call

#include "tests/support/resource_fixture.hpp"

#include <deque>
#include <random>

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(book_call_tests, resource_fixture)

CAF_TEST(the claim says which jobs have to book their calls) {
  add_named("see", 1);
  add_named("echo", 1);
  auto jobs = claim_all(2).jobs;
  CAF_REQUIRE_EQUAL(jobs.size(), 2u);
  CAF_CHECK(jobs[0].is_limited);
  CAF_CHECK(!jobs[1].is_limited);
}

CAF_TEST(what counts is when the call is made) {
  add_named("see", 6);
  claim(3);
  now += 900;
  for (const char* id : {"1", "2", "3"})
    CAF_CHECK_EQUAL(book(id), 0);
  now += 101; // the claimed starts would be gone by now
  CAF_CHECK_EQUAL(claim(3, "t:2"), strings{});
  now += 900;
  CAF_CHECK_EQUAL(claim(3, "t:2"), (strings{"4", "5", "6"}));
}

CAF_TEST(a call that was booked too late waits for its turn) {
  add_named("see", 4);
  claim(3);
  now += 1001; // none of them has called yet
  CAF_CHECK_EQUAL(claim(1, "t:2"), strings{"4"});
  CAF_CHECK_EQUAL(book("4", "t:2"), 0);
  CAF_CHECK_EQUAL(book("1"), 0);
  now += 10;
  CAF_CHECK_EQUAL(book("2"), 0);
  CAF_CHECK_EQUAL(book("3"), 991);
  CAF_CHECK_EQUAL(book("2"), 0); // asked anew: it counts once
  now += 991;
  CAF_CHECK_EQUAL(book("3"), 0);
}

CAF_TEST(a call waits while its provider asks for it) {
  add_named("see", 2);
  auto jobs = claim_all(2).jobs;
  auto refused = ending(jobs[0], settle_kind::postpone, "slow down");
  refused.delay_ms = 4000;
  step({refused});
  CAF_CHECK_EQUAL(book("2"), 4000);
}

CAF_TEST(nobody books a call with the lease of another) {
  add_named("see", 1);
  claim(1);
  CAF_CHECK_EQUAL(book("1", "old"), -1);
  raw({"DEL", P + "1:lock"}); // the renewal may take it back
  CAF_CHECK(!queue.book_call({"1", "t:1"}, now));
}

CAF_TEST(however late the calls come no window holds too many) {
  auto seed = std::random_device{}();
  CAF_MESSAGE("seed " << seed);
  std::mt19937 random{seed};
  std::deque<int64_t> calls;
  std::vector<job> held; // claimed, did not call yet
  size_t waits = 0;
  size_t added = 0;
  size_t done = 0;
  for (int round = 0; (round < 100 || done < added) && round < 9999; ++round) {
    if (round < 100) {
      auto more = random() % 4;
      add_named("see", more);
      added += more;
    }
    now += static_cast<int64_t>(random() % 500);
    for (auto& x : claim_all(4, "t:" + std::to_string(round)).jobs)
      held.push_back(std::move(x));
    std::vector<settlement> ended;
    while (!held.empty() && random() % 5 < 2) {
      auto chosen = held.begin() + static_cast<int64_t>(random() % held.size());
      auto wait = book(chosen->id, chosen->token);
      if (wait > 0) {
        ended.push_back(ending(*chosen, settle_kind::postpone, "late"));
        ended.back().delay_ms = wait;
        ++waits;
      } else {
        calls.push_back(now);
        while (calls.front() < now - 1000)
          calls.pop_front();
        CAF_CHECK_LESS_OR_EQUAL(calls.size(), 3u);
        ended.push_back(completed(*chosen));
        ++done;
      }
      held.erase(chosen);
    }
    if (!ended.empty())
      step(ended);
  }
  CAF_CHECK_EQUAL(done, added);
  CAF_CHECK_GREATER(waits, 0u); // else this test shows nothing
}

CAF_TEST_FIXTURE_SCOPE_END()
