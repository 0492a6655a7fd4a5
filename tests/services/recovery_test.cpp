#define CAF_SUITE recovery

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

#include <algorithm>

using namespace darkroom;

namespace {

struct recovery_fixture : queue_fixture {
  /// A stalled check as if the interval had passed.
  strings check() {
    raw({"DEL", "bull:q:stalled-check"});
    return must(queue.recover_stalled(now));
  }

  void lose_lock(const std::string& id) {
    raw({"DEL", "bull:q:" + id + ":lock"});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(recovery_tests, recovery_fixture)

CAF_TEST(a job without a lock comes back after two checks) {
  started();
  lose_lock("1");
  CAF_CHECK(check().empty());
  CAF_CHECK_EQUAL(raw({"SMEMBERS", "bull:q:stalled"}), strings{"1"});
  add(plain());
  take_marker();
  events();
  CAF_CHECK_EQUAL(check(), strings{"1"});
  CAF_CHECK_EQUAL(list("wait"), (strings{"2", "1"})); // at the front
  CAF_CHECK(!exists("active"));
  CAF_CHECK(!exists("stalled"));
  CAF_CHECK_EQUAL(field("1", "stc"), "1");
  CAF_CHECK_EQUAL(field("1", "atm"), "(nil)");
  CAF_CHECK_EQUAL(field("1", "defa"), "(nil)");
  CAF_CHECK(take_marker());
  CAF_CHECK_EQUAL(events(),
                  (strings{"waiting jobId=1 prev=active", "stalled jobId=1"}));
}

CAF_TEST(a count of stalls that is no number begins anew) {
  started();
  raw({"HSET", "bull:q:1", "stc", "abc"});
  lose_lock("1");
  check();
  CAF_CHECK_EQUAL(check(), strings{"1"});
  CAF_CHECK_EQUAL(field("1", "stc"), "1");
  CAF_CHECK_EQUAL(list("wait"), strings{"1"});
}

CAF_TEST(a lock that is no text locks nothing) {
  started();
  lose_lock("1");
  raw({"HSET", "bull:q:1:lock", "a", "b"});
  check();
  CAF_CHECK_EQUAL(check(), strings{"1"});
}

CAF_TEST(an id in active that names another key holds up no other job) {
  started_many(2);
  raw({"DEL", "bull:q:1"});
  raw({"SET", "bull:q:1", "mine"});
  check();
  lose_lock("1");
  lose_lock("2");
  CAF_CHECK_EQUAL(check(), strings{"2"});
  CAF_CHECK(!exists("active"));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:1"}), "mine");
}

CAF_TEST(a job that its caller runs gets its lock back and others do not ) {
  started_many(3);
  check();
  for (const auto* id : {"1", "2", "3"})
    lose_lock(id);
  raw({"HSET", "bull:q:2", "ats", "2"}); // somebody took it since
  raw({"DEL", "bull:q:stalled-check"});
  auto got
    = must(queue.recover_stalled(now, {{{"1", "t:1"}, {"2", "t:1"}}, {1, 1}}));
  std::sort(got.begin(), got.end());
  CAF_CHECK_EQUAL(got, (strings{"2", "3"}));
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
  CAF_CHECK_EQUAL(one({"GET", "bull:q:1:lock"}), "t:1");
  CAF_CHECK(ttl("1:lock") > 29000);
  CAF_CHECK_EQUAL(field("1", "stc"), "(nil)");
}

CAF_TEST(a locked job is only a suspect) {
  started();
  CAF_CHECK(check().empty());
  CAF_CHECK(check().empty());
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
}

CAF_TEST(a job that stalls too often fails with its next start) {
  started();
  for (int i = 1; i <= 2; ++i) {
    lose_lock("1");
    check();
    CAF_CHECK_EQUAL(check(), strings{"1"});
    auto got = claim_all().jobs.at(0);
    CAF_CHECK_EQUAL(got.deferred_failure,
                    i == 1 ? "" : "job stalled more than allowable limit");
    CAF_CHECK_EQUAL(got.attempt, static_cast<uint32_t>(i + 1));
  }
  CAF_CHECK_EQUAL(field("1", "stc"), "2");
}

CAF_TEST(one check an interval serves the whole fleet) {
  started();
  lose_lock("1");
  must(queue.recover_stalled(now));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:stalled-check"}), time);
  CAF_CHECK(ttl("stalled-check") > 29000 && ttl("stalled-check") <= 30000);
  auto second = other([](auto&) {});
  CAF_CHECK(must(second.recover_stalled(now)).empty());
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
}

CAF_TEST(a prioritised job comes back to the front of wait) {
  started(ranked(5));
  lose_lock("1");
  check();
  CAF_CHECK_EQUAL(check(), strings{"1"});
  CAF_CHECK_EQUAL(list("wait"), strings{"1"});
  CAF_CHECK(!exists("prioritized"));
}

CAF_TEST(a paused queue recovers without waking anybody) {
  started();
  lose_lock("1");
  check();
  set_meta("paused", "1");
  take_marker();
  CAF_CHECK_EQUAL(check(), strings{"1"});
  CAF_CHECK(!take_marker());
}

CAF_TEST(what finished since the last check is not recovered) {
  auto x = started();
  check();
  settle(completed(x));
  raw({"SADD", "bull:q:stalled", "1"});
  CAF_CHECK(check().empty());
  CAF_CHECK(!exists("wait"));
  CAF_CHECK_EQUAL(field("1", "stc"), "(nil)");
}

CAF_TEST(an active id without a hash leaves active for good) {
  raw({"LPUSH", "bull:q:active", "ghost"});
  check();
  CAF_CHECK(check().empty());
  CAF_CHECK(!exists("active"));
  CAF_CHECK(!exists("wait"));
  CAF_CHECK(!exists("ghost"));
}

CAF_TEST(thousands of active jobs are recovered) {
  started_many(6000);
  for (const auto& lock : raw({"KEYS", "bull:q:*:lock"}))
    raw({"DEL", lock});
  check();
  CAF_CHECK_EQUAL(one({"SCARD", "bull:q:stalled"}), "6000");
  CAF_CHECK_EQUAL(check().size(), 6000u);
  CAF_CHECK_EQUAL(one({"LLEN", "bull:q:wait"}), "6000");
}

CAF_TEST(a suspect that renews its lock is none) {
  started();
  lose_lock("1");
  check();
  CAF_CHECK(must(queue.renew({{{"1", "t:1"}}, {1}}, now)).empty());
  CAF_CHECK(!exists("stalled"));
  CAF_CHECK(check().empty());
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
}

CAF_TEST_FIXTURE_SCOPE_END()
