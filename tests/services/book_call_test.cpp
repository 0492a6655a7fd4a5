/// Jobs that book their calls to a limited resource.
#define CAF_SUITE book_call

#include "tests/support/resource_fixture.hpp"

#include <deque>
#include <random>

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(book_call_tests, resource_fixture)

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

CAF_TEST(each call of a run counts) {
  add_named("see", 1);
  claim(1);
  for (int i = 0; i < 3; ++i) {
    CAF_CHECK_EQUAL(book("1"), 0);
    tell("1", call_end::transient);
  }
  CAF_CHECK_EQUAL(book("1"), 1001);
}

CAF_TEST(the record of calls expires) {
  add_named("see", 1);
  claim(1);
  CAF_CHECK_EQUAL(book("1"), 0);
  tell("1");
  CAF_CHECK_EQUAL(raw({"ZCARD", D + "starts:eye"}), strings{"1"});
  auto left = std::stoll(raw({"PTTL", D + "starts:eye"}).at(0)); // ms
  CAF_CHECK(left > 0 && left <= 2000);
}

CAF_TEST(a call that was not made does not count) {
  add_named("see", 1);
  claim(1);
  for (int i = 0; i < 4; ++i) {
    CAF_CHECK_EQUAL(book("1"), 0);
    tell("1", call_end::not_made);
  }
}

CAF_TEST(a call counts from its end but not long after it was booked) {
  add_named("see", 3);
  claim(3);
  CAF_CHECK_EQUAL(book("1"), 0);
  CAF_CHECK_EQUAL(book("2"), 0);
  CAF_CHECK_EQUAL(book("3"), 0);
  now += 60; // the provider may have got the call as late as that
  tell("1");
  now += 400; // or rather soon
  tell("2");
  tell("3");
  now += 541; // 1001 after they were booked
  CAF_CHECK_EQUAL(book("1"), 60);
  now += 60;
  CAF_CHECK_EQUAL(book("1"), 0);
  CAF_CHECK_EQUAL(book("2"), 40); // a tenth of the window later
  now += 40;
  CAF_CHECK_EQUAL(book("2"), 0);
}

CAF_TEST(a call waits while its provider asks for it) {
  add_named("see", 2);
  auto jobs = claim_all(2).jobs;
  refuse(queue, jobs.at(0), 4000);
  CAF_CHECK_EQUAL(book("2"), 4000);
}

CAF_TEST(the call of a search counts like that of a job but waits for nobody) {
  add_named("see", 1);
  claim(1);
  CAF_CHECK_EQUAL(book("", "search-1"), 0);
  CAF_CHECK_EQUAL(book("", "search-2"), 0);
  CAF_CHECK_EQUAL(book("", "search-3"), 1001); // the job's start is the third
  CAF_CHECK_EQUAL(raw({"EXISTS", D + "paused"}), strings{"0"});
  CAF_CHECK_EQUAL(book("1"), 0);
  CAF_CHECK_EQUAL(book("", "search-4"), 1001);
}

CAF_TEST(nobody books a call with the lease of another) {
  add_named("see", 1);
  claim(1);
  CAF_CHECK_EQUAL(book("1", "old"), -1);
  raw({"DEL", P + "1:lock"}); // the renewal may take it back
  CAF_CHECK(!queue.book_call({"1", "t:1", "eye", {"a"}, {}}, now));
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
        if (random() % 2) {
          now += static_cast<int64_t>(random() % 50);
          tell(chosen->id, call_end::answered, chosen->token);
        }
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
