#define CAF_SUITE deduplicate

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct deduplicate_fixture : queue_fixture {
  static new_job with(const std::string& rules, int64_t delay_ms = 0) {
    auto x = delayed(delay_ms);
    x.options = R"({"attempts":2,"de":{"id":"d")" + rules + "}}";
    return x;
  }
  std::string owner() {
    return one({"GET", "bull:q:de:d"});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(deduplicate_tests, deduplicate_fixture)

CAF_TEST(the owner of the id stands in for a second job) {
  CAF_CHECK_EQUAL(add(with("")), "1");
  events();
  CAF_CHECK_EQUAL(add(with("")), "1");
  CAF_CHECK_EQUAL(events(), strings{"deduplicated jobId=1 deduplicationId=d "
                                    "deduplicatedJobId=2"});
  CAF_CHECK_EQUAL(field("1", "deid"), "d");
  CAF_CHECK(!exists("2"));
  CAF_CHECK_EQUAL(ttl("de:d"), -1);
}

CAF_TEST(an owner that is gone holds nobody back) {
  add(with(""));
  raw({"DEL", "bull:q:1"});
  CAF_CHECK_EQUAL(add(with("")), "2");
  CAF_CHECK_EQUAL(owner(), "2");
}

CAF_TEST(a time to live is extended only where that is asked for) {
  add(with(R"(,"ttl":5000)"));
  CAF_CHECK(ttl("de:d") > 4000);
  raw({"PEXPIRE", "bull:q:de:d", "1000"});
  add(with(R"(,"ttl":5000)"));
  CAF_CHECK(ttl("de:d") <= 1000);
  CAF_CHECK_EQUAL(add(with(R"(,"ttl":5000,"extend":true)")), "1");
  CAF_CHECK(ttl("de:d") > 4000);
}

CAF_TEST(a delayed owner is replaced) {
  add(with(R"(,"replace":true)", 500));
  events();
  CAF_CHECK_EQUAL(add(with(R"(,"replace":true)", 900)), "2");
  CAF_CHECK(!exists("1"));
  CAF_CHECK_EQUAL(members("delayed"), strings{"2"});
  CAF_CHECK_EQUAL(owner(), "2");
  auto told = events();
  CAF_CHECK_EQUAL(nth(told, 0), "removed jobId=1 prev=delayed");
  CAF_CHECK_EQUAL(nth(told, 1), "deduplicated jobId=2 deduplicationId=d "
                                "deduplicatedJobId=1");
  CAF_CHECK_EQUAL(nth(told, 2), "added jobId=2 name=echo");
}

CAF_TEST(an owner that is no longer delayed is not replaced) {
  add(with(R"(,"replace":true)"));
  events();
  CAF_CHECK_EQUAL(add(with(R"(,"replace":true)", 900)), "1");
  CAF_CHECK(events().empty());
}

CAF_TEST(the newest job that came during a run is added after it) {
  const auto* last = R"(,"keepLastIfActive":true)";
  auto x = started(with(last));
  auto second = with(last);
  second.data = "2";
  auto third = with(last);
  third.data = "3";
  CAF_CHECK_EQUAL(add(second), "1");
  CAF_CHECK_EQUAL(add(third), "1");
  CAF_CHECK_EQUAL(one({"HGET", "bull:q:dn:d", "data"}), "3");
  events();
  settle(completed(x));
  CAF_CHECK_EQUAL(events(),
                  (strings{"added jobId=3 name=echo", "waiting jobId=3",
                           "completed jobId=1 returnvalue=7 prev=active"}));
  CAF_CHECK_EQUAL(field("3", "data"), "3");
  CAF_CHECK_EQUAL(field("3", "deid"), "d");
  CAF_CHECK_EQUAL(owner(), "3");
  CAF_CHECK(!exists("dn:d"));
}

CAF_TEST(a job that is to be kept has its id for as long as it runs) {
  const auto* last = R"(,"keepLastIfActive":true,"ttl":100)";
  add(with(last));
  CAF_CHECK_EQUAL(ttl("de:d"), -1);
  CAF_CHECK_EQUAL(add(with(R"(,"keepLastIfActive":true,"ttl":100,)"
                           R"("extend":true)")),
                  "1");
  CAF_CHECK_EQUAL(ttl("de:d"), -1);
  auto x = claim_all().jobs.at(0);
  CAF_CHECK_EQUAL(add(with(last)), "1");
  settle(completed(x));
  CAF_CHECK_EQUAL(owner(), "3");
  CAF_CHECK_EQUAL(ttl("de:d"), -1);
}

CAF_TEST(a window that was given to a next job begins with it) {
  auto x = started(with(R"(,"keepLastIfActive":true)"));
  raw({"HSET", "bull:q:dn:d", "name", "next", "data", "{}", "opts",
       R"({"de":{"id":"d","ttl":5000}})"});
  settle(completed(x));
  CAF_CHECK(ttl("de:d") > 4000);
}

CAF_TEST(a next job is added also where its id was given free) {
  auto x = started(with(R"(,"keepLastIfActive":true)"));
  add(with(R"(,"keepLastIfActive":true)"));
  raw({"DEL", "bull:q:de:d"});
  settle(completed(x));
  CAF_CHECK(exists("2"));
  CAF_CHECK(!exists("dn:d"));
}

CAF_TEST(an owner that is gone is replaced too) {
  add(with(R"(,"replace":true)"));
  raw({"DEL", "bull:q:1"});
  CAF_CHECK_EQUAL(add(with(R"(,"replace":true)")), "2");
  CAF_CHECK_EQUAL(owner(), "2");
}

CAF_TEST(a replaced job takes its next one with it) {
  add(with(R"(,"replace":true)", 500));
  raw({"HSET", "bull:q:dn:d", "name", "next"});
  raw({"SADD", "bull:q:1:dependencies", "x"});
  add(with(R"(,"replace":true)", 900));
  CAF_CHECK(!exists("dn:d"));
  CAF_CHECK(!exists("1:dependencies"));
}

CAF_TEST(a window without a time is over when its job is replaced) {
  add(with(R"(,"replace":true,"ttl":5000)", 500));
  add(with(R"(,"replace":true,"ttl":9000)", 500));
  CAF_CHECK(ttl("de:d") <= 5000);
  add(with(R"(,"replace":true)", 500));
  CAF_CHECK_EQUAL(ttl("de:d"), -1);
}

CAF_TEST(a delayed owner is put off where that is asked for) {
  add(with("", 500));
  events();
  now += 100;
  CAF_CHECK_EQUAL(add(with(R"(,"reschedule":true)", 900)), "1");
  CAF_CHECK_EQUAL(field("1", "delay"), "900");
  auto told = events();
  CAF_CHECK_EQUAL(nth(told, 1), "delayed jobId=1 delay=1700000001000");
}

CAF_TEST(the next job is added after a failure but not after a retry) {
  auto x = started(with(R"(,"keepLastIfActive":true)"));
  raw({"HSET", "bull:q:dn:d", "name", "next", "data", "{}", "opts",
       R"({"delay":50,"priority":4,"lifo":true})", "jid", "mine"});
  settle(ending(x, settle_kind::retry_now, "broke"));
  CAF_CHECK(!exists("mine"));
  settle(failed(claim_all().jobs.at(0)));
  CAF_CHECK_EQUAL(members("delayed"), strings{"mine"});
  CAF_CHECK_EQUAL(field("mine", "priority"), "4");
  CAF_CHECK_EQUAL(owner(), "mine");
}

CAF_TEST(a next job that is a child has its parent wait) {
  auto x = started(with(R"(,"keepLastIfActive":true)"));
  raw({"HSET", "bull:q:dn:d", "name", "next", "data", "{}", "opts", "broken",
       "pk", "bull:r:p", "pd", R"({"id":"p","queueKey":"bull:r"})", "pdk",
       "bull:r:p:dependencies"});
  settle(completed(x));
  CAF_CHECK_EQUAL(field("2", "parentKey"), "bull:r:p");
  CAF_CHECK_EQUAL(raw({"SMEMBERS", "bull:r:p:dependencies"}), strings{P + "2"});
}

CAF_TEST_FIXTURE_SCOPE_END()
