#define CAF_SUITE settle_script

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(settle_tests, queue_fixture)

CAF_TEST(a completed job holds its value) {
  auto x = started();
  raw({"SADD", "bull:q:stalled", "1"});
  now += 250;
  CAF_CHECK_EQUAL(settle(ending(x, settle_kind::complete, R"({"a":1})")), ".");
  CAF_CHECK_EQUAL(score("completed", "1"), std::to_string(now));
  CAF_CHECK_EQUAL(field("1", "returnvalue"), R"({"a":1})");
  CAF_CHECK_EQUAL(field("1", "finishedOn"), std::to_string(now));
  CAF_CHECK_EQUAL(field("1", "atm"), "1");
  CAF_CHECK_EQUAL(field("1", "ats"), "1");
  CAF_CHECK_EQUAL(field("1", "failedReason"), "(nil)");
  CAF_CHECK(!exists("active"));
  CAF_CHECK(!exists("1:lock"));
  CAF_CHECK(!exists("stalled"));
  auto told = events();
  CAF_CHECK_EQUAL(nth(told, 0),
                  R"(completed jobId=1 returnvalue={"a":1} prev=active)");
  CAF_CHECK_EQUAL(nth(told, 1), "drained");
  CAF_CHECK_EQUAL(told.size(), 2u);
}

CAF_TEST(a job that failed for good holds its reason) {
  auto x = started();
  raw({"HSET", "bull:q:1", "defa", "child failed", "atm", "2"});
  auto end = failed(x);
  end.value = "no \"picture\": ü";
  CAF_CHECK_EQUAL(settle(end), ".");
  CAF_CHECK_EQUAL(score("failed", "1"), time);
  CAF_CHECK_EQUAL(field("1", "failedReason"), "no \"picture\": ü");
  CAF_CHECK_EQUAL(field("1", "stacktrace"), R"(["Error: no \"picture\": ü"])");
  CAF_CHECK_EQUAL(field("1", "finishedOn"), time);
  CAF_CHECK_EQUAL(field("1", "atm"), "3");
  CAF_CHECK_EQUAL(field("1", "defa"), "(nil)");
  CAF_CHECK_EQUAL(field("1", "returnvalue"), "(nil)");
  CAF_CHECK_EQUAL(
    events(),
    (strings{"failed jobId=1 failedReason=no \"picture\": ü prev=active",
             "retries-exhausted jobId=1 attemptsMade=3", "drained"}));
}

CAF_TEST(retries are exhausted when the attempts are made) {
  for (auto max : {0u, 1u, 2u}) {
    auto end = failed(started());
    end.max_attempts = max;
    CAF_CHECK_EQUAL(settle(end), ".");
    auto is_last = max <= 1;
    CAF_CHECK_EQUAL(nth(events(), 1).starts_with("retries-exhausted"), is_last);
  }
}

CAF_TEST(a failure goes behind the older ones in the stack trace) {
  auto x = started();
  raw({"HSET", "bull:q:1", "stacktrace", R"(["first","second"])"});
  auto end = failed(x);
  end.stack_trace_limit = 2;
  settle(end);
  CAF_CHECK_EQUAL(field("1", "stacktrace"), R"(["second","Error: broke"])");
}

CAF_TEST(a stack trace of no length stays empty) {
  auto end = failed(started());
  end.stack_trace_limit = 0;
  settle(end);
  CAF_CHECK_EQUAL(field("1", "stacktrace"), "[]");
}

CAF_TEST(a broken stack trace is begun anew) {
  auto x = started();
  raw({"HSET", "bull:q:1", "stacktrace", "[broken"});
  settle(failed(x));
  CAF_CHECK_EQUAL(field("1", "stacktrace"), R"(["Error: broke"])");
}

CAF_TEST(no value is an answer too) {
  auto x = started();
  CAF_CHECK_EQUAL(settle(ending(x, settle_kind::complete, "null")), ".");
  CAF_CHECK_EQUAL(field("1", "returnvalue"), "null");
}

CAF_TEST(deaths are counted with the job) {
  auto x = started();
  auto end = failed(x);
  end.codec_died = true;
  end.runner_died = true;
  CAF_CHECK_EQUAL(settle(end), ".");
  CAF_CHECK_EQUAL(field("1", "drCodecDeaths"), "1");
  CAF_CHECK_EQUAL(field("1", "drLost"), "1");
}

CAF_TEST(one call settles and claims) {
  auto x = started();
  add_many(3);
  events();
  auto reply = step({completed(x)}, 2);
  CAF_CHECK_EQUAL(ids(reply.jobs), (strings{"2", "3"}));
  CAF_CHECK_EQUAL(list("active"), (strings{"3", "2"}));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:2:lock"}), "t:2");
  CAF_CHECK_EQUAL(events(),
                  (strings{"completed jobId=1 returnvalue=7 prev=active",
                           "active jobId=2 prev=waiting",
                           "active jobId=3 prev=waiting"}));
}

CAF_TEST(settled jobs make room under the concurrency) {
  set_meta("concurrency", "1");
  auto x = started();
  add(plain());
  CAF_CHECK_EQUAL(ids(step({completed(x)}, 5).jobs), strings{"2"});
}

CAF_TEST(the release of the deduplication key follows its kind) {
  const strings ids{"plain", "ttl", "foreign"};
  for (const auto& id : ids) {
    auto x = started(named(id));
    auto key = "bull:q:de:" + id;
    raw({"HSET", "bull:q:" + id, "deid", id});
    raw({"SET", key, id == "foreign" ? "other" : id});
    if (id == "ttl")
      raw({"PEXPIRE", key, "60000"});
    CAF_CHECK_EQUAL(settle(id == "ttl" ? failed(x) : completed(x)), ".");
  }
  CAF_CHECK(!exists("de:plain"));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:de:ttl"}), "ttl");
  CAF_CHECK_EQUAL(one({"GET", "bull:q:de:foreign"}), "other");
}

CAF_TEST(a retry keeps the deduplication key) {
  auto x = started();
  raw({"HSET", "bull:q:1", "deid", "d"});
  raw({"SET", "bull:q:de:d", "1"});
  settle(ending(x, settle_kind::retry_now, "broke"));
  CAF_CHECK(exists("de:d"));
}

CAF_TEST_FIXTURE_SCOPE_END()
