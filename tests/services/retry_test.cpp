#define CAF_SUITE retry

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct retry_fixture : queue_fixture {
  settlement later(const job& x, int64_t ms,
                   settle_kind kind = settle_kind::retry_later) {
    auto out = ending(x, kind, "broke");
    out.delay_ms = ms;
    return out;
  }

  settlement at_once(const job& x) {
    return ending(x, settle_kind::retry_now, "broke");
  }

  settlement back(const job& x) {
    return ending(x, settle_kind::give_back, "");
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(retry_tests, retry_fixture)

CAF_TEST(a later retry is a delayed job that has failed once) {
  auto x = started();
  CAF_CHECK_EQUAL(settle(later(x, 2000)), ".");
  auto due = std::to_string(now + 2000);
  CAF_CHECK_EQUAL(score("delayed", "1"), std::to_string((now + 2000) * 4096));
  CAF_CHECK_EQUAL(field("1", "delay"), "2000");
  CAF_CHECK_EQUAL(field("1", "atm"), "1");
  CAF_CHECK_EQUAL(field("1", "failedReason"), "broke");
  CAF_CHECK_EQUAL(field("1", "stacktrace"), R"(["Error: broke"])");
  CAF_CHECK_EQUAL(field("1", "finishedOn"), "(nil)");
  CAF_CHECK_EQUAL(score("marker", "1"), due);
  CAF_CHECK(!exists("1:lock"));
  CAF_CHECK(!exists("active"));
  CAF_CHECK_EQUAL(events(), strings{"delayed jobId=1 delay=" + due});
  now += 2000;
  auto again = claim_all().jobs;
  CAF_REQUIRE_EQUAL(again.size(), 1u);
  CAF_CHECK_EQUAL(again[0].attempt, 2u);
  CAF_CHECK_EQUAL(again[0].attempts_made, 1u);
}

CAF_TEST(a postponed job has not failed) {
  auto x = started();
  CAF_CHECK_EQUAL(settle(later(x, 700, settle_kind::postpone)), ".");
  CAF_CHECK_EQUAL(score("delayed", "1"), std::to_string((now + 700) * 4096));
  CAF_CHECK_EQUAL(field("1", "delay"), "700");
  CAF_CHECK_EQUAL(field("1", "atm"), "(nil)");
  CAF_CHECK_EQUAL(field("1", "failedReason"), "(nil)");
  CAF_CHECK_EQUAL(field("1", "stacktrace"), "(nil)");
}

CAF_TEST(retries of the same moment stay in order) {
  auto jobs = started_many(3);
  settle({later(jobs[0], 10), later(jobs[1], 10), later(jobs[2], 9)});
  now += 10;
  CAF_CHECK_EQUAL(claim(3), (strings{"3", "1", "2"}));
}

CAF_TEST(a retry at once goes to the back) {
  auto x = started();
  add(plain());
  events();
  take_marker();
  CAF_CHECK_EQUAL(settle(at_once(x)), ".");
  CAF_CHECK_EQUAL(list("wait"), (strings{"1", "2"}));
  CAF_CHECK_EQUAL(field("1", "atm"), "1");
  CAF_CHECK_EQUAL(field("1", "failedReason"), "broke");
  CAF_CHECK_EQUAL(field("1", "stacktrace"), R"(["Error: broke"])");
  CAF_CHECK(take_marker());
  CAF_CHECK_EQUAL(events(), strings{"waiting jobId=1 prev=active"});
}

CAF_TEST(a lifo job is retried at the front) {
  auto x = started();
  add(plain());
  auto end = at_once(x);
  end.lifo = true;
  CAF_CHECK_EQUAL(settle(end), ".");
  CAF_CHECK_EQUAL(list("wait"), (strings{"2", "1"}));
}

CAF_TEST(a prioritised job is retried behind its peers) {
  auto x = started(ranked(3));
  add(ranked(3));
  auto end = at_once(x);
  end.lifo = true; // means nothing with a priority
  CAF_CHECK_EQUAL(settle(end), ".");
  CAF_CHECK_EQUAL(members("prioritized"), (strings{"2", "1"}));
  CAF_CHECK(!exists("wait"));
}

CAF_TEST(due jobs come before a retry at once) {
  auto x = started();
  add(delayed(5));
  now += 5;
  settle(at_once(x));
  CAF_CHECK_EQUAL(list("wait"), (strings{"1", "2"}));
}

CAF_TEST(what is given back is next) {
  auto x = started();
  add(plain());
  take_marker();
  events();
  CAF_CHECK_EQUAL(settle(back(x)), ".");
  CAF_CHECK_EQUAL(list("wait"), (strings{"2", "1"}));
  CAF_CHECK_EQUAL(field("1", "atm"), "(nil)");
  CAF_CHECK_EQUAL(field("1", "ats"), "1");
  CAF_CHECK_EQUAL(field("1", "failedReason"), "(nil)");
  CAF_CHECK(!exists("1:lock"));
  CAF_CHECK(take_marker());
  CAF_CHECK_EQUAL(events(), strings{"waiting jobId=1 prev=active"});
}

CAF_TEST(a prioritised job that is given back is the next of its priority) {
  add(ranked(2));
  auto x = claim_all().jobs.at(0);
  add(ranked(2));
  add(ranked(1));
  CAF_CHECK_EQUAL(settle(back(x)), ".");
  CAF_CHECK_EQUAL(score("prioritized", "1"), std::to_string(2LL << 32));
  CAF_CHECK_EQUAL(members("prioritized"), (strings{"3", "1", "2"}));
}

CAF_TEST(a paused queue takes jobs back without waking anybody) {
  auto jobs = started_many(2);
  set_meta("paused", "1");
  take_marker();
  CAF_CHECK_EQUAL(settle({back(jobs[0]), at_once(jobs[1])}), "..");
  CAF_CHECK(!take_marker());
}

CAF_TEST(a queue at its concurrency takes jobs back without waking anybody) {
  auto jobs = started_many(2);
  set_meta("concurrency", "1");
  take_marker();
  CAF_CHECK_EQUAL(settle(back(jobs[0])), ".");
  CAF_CHECK(!take_marker());
}

CAF_TEST(deaths are counted with each way back) {
  auto jobs = started_many(2);
  auto end = later(jobs[0], 10);
  end.codec_died = true;
  auto lost = back(jobs[1]);
  lost.runner_died = true;
  CAF_CHECK_EQUAL(settle({end, lost}), "..");
  CAF_CHECK_EQUAL(field("1", "drCodecDeaths"), "1");
  CAF_CHECK_EQUAL(field("2", "drLost"), "1");
  auto reply = claim_all();
  CAF_CHECK_EQUAL(reply.jobs.at(0).lost, 1u);
}

CAF_TEST(the stack trace of a retry keeps the newest) {
  auto x = started();
  for (auto reason : {"a", "b", "c"}) {
    auto end = at_once(x);
    end.value = reason;
    end.stack_trace_limit = 2;
    settle(end);
    x = claim_all().jobs.at(0);
  }
  CAF_CHECK_EQUAL(field("1", "stacktrace"), R"(["Error: b","Error: c"])");
  CAF_CHECK_EQUAL(field("1", "atm"), "3");
}

CAF_TEST_FIXTURE_SCOPE_END()
