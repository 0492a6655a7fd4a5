#define CAF_SUITE claim

#include "services/redis/job_options.hpp"
#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(claim_tests, queue_fixture)

CAF_TEST(a claimed job is locked and counted) {
  add(plain());
  take_marker();
  events();
  auto jobs = claim_all().jobs;
  CAF_REQUIRE_EQUAL(jobs.size(), 1u);
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
  CAF_CHECK(!exists("wait"));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:1:lock"}), "t:1");
  CAF_CHECK(ttl("1:lock") > 29000 && ttl("1:lock") <= 30000);
  CAF_CHECK_EQUAL(field("1", "ats"), "1");
  CAF_CHECK_EQUAL(field("1", "atm"), "(nil)");
  CAF_CHECK_EQUAL(field("1", "processedOn"), time);
  CAF_CHECK_EQUAL(field("1", "pb"), "(nil)");
  CAF_CHECK_EQUAL(events(), strings{"active jobId=1 prev=waiting"});
  CAF_CHECK(take_marker());
}

CAF_TEST(a claimed job tells what its runner needs) {
  auto x = ranked(4);
  x.options = R"({"attempts":5,"backoff":{"type":"fixed","delay":9}})";
  add(x);
  raw({"HSET", "bull:q:1", "ats", "3", "atm", "2", "defa", "child failed",
       "drLost", "4", "drCodecDeaths", "5"});
  auto got = claim_all().jobs.at(0);
  CAF_CHECK_EQUAL(got.name, "echo");
  CAF_CHECK_EQUAL(got.data, R"({"n":1})");
  CAF_CHECK_EQUAL(got.token, "t:1");
  CAF_CHECK_EQUAL(got.timestamp, now);
  CAF_CHECK_EQUAL(got.attempt, 4u);
  CAF_CHECK_EQUAL(got.attempts_made, 2u);
  CAF_CHECK_EQUAL(got.priority, 4u);
  CAF_CHECK_EQUAL(got.deferred_failure, "child failed");
  CAF_CHECK_EQUAL(got.lost, 4u);
  CAF_CHECK_EQUAL(got.codec_deaths, 5u);
  CAF_CHECK_EQUAL(got.options.attempts, 5u);
  CAF_CHECK_EQUAL(got.options.backoff_ms, 9);
}

CAF_TEST(a named worker signs its jobs) {
  add(plain());
  auto mine = other([](auto& x) { x.worker_name = "node-1"; });
  must(mine.step({{}, {}, 1, "t"}, now));
  CAF_CHECK_EQUAL(field("1", "pb"), "node-1");
}

CAF_TEST(jobs that wait are claimed first come first served) {
  add_many(3);
  add(lifo());
  CAF_CHECK_EQUAL(claim(2), (strings{"4", "1"}));
  CAF_CHECK_EQUAL(claim(5), (strings{"2", "3"}));
  CAF_CHECK_EQUAL(one({"LLEN", "bull:q:active"}), "4");
  CAF_CHECK(claim().empty());
}

CAF_TEST(prioritised jobs come after those that wait) {
  add(ranked(2));
  add(ranked(1));
  add(ranked(2));
  add(plain());
  CAF_CHECK_EQUAL(claim(3), (strings{"4", "2", "1"}));
  CAF_CHECK(exists("pc"));
  CAF_CHECK_EQUAL(claim(3), strings{"3"});
  CAF_CHECK(claim(3).empty());
  CAF_CHECK(!exists("pc"));
}

CAF_TEST(a delayed job is promoted when it is due and not before) {
  add(delayed(100));
  events();
  now += 99;
  auto early = claim_all();
  CAF_CHECK(early.jobs.empty());
  CAF_CHECK_EQUAL(early.next_due, now + 1);
  now += 1;
  CAF_CHECK_EQUAL(claim(), strings{"1"});
  CAF_CHECK_EQUAL(field("1", "delay"), "0");
  CAF_CHECK(!exists("delayed"));
  CAF_CHECK_EQUAL(events(), (strings{"waiting jobId=1 prev=delayed",
                                     "active jobId=1 prev=waiting"}));
}

CAF_TEST(jobs due in the same millisecond keep their order) {
  for (int i = 0; i < 5; ++i)
    add(delayed(10));
  add(delayed(9));
  now += 10;
  CAF_CHECK_EQUAL(claim(6), (strings{"6", "1", "2", "3", "4", "5"}));
}

CAF_TEST(a promoted job joins the line its priority says) {
  auto late = ranked(1);
  late.delay_ms = 10;
  add(late);
  add(ranked(1));
  now += 10;
  CAF_CHECK_EQUAL(claim(2), (strings{"2", "1"}));
  auto first = lifo();
  first.delay_ms = 10;
  add(plain());
  add(first);
  now += 10;
  CAF_CHECK_EQUAL(claim(2), (strings{"3", "4"}));
}

CAF_TEST(a thousand due jobs are promoted at once) {
  auto x = delayed(1);
  must(queue.add(std::vector<new_job>(1001, x), now));
  now += 1;
  CAF_CHECK_EQUAL(claim(), strings{"1"});
  CAF_CHECK_EQUAL(one({"LLEN", "bull:q:wait"}), "999");
  CAF_CHECK_EQUAL(one({"ZCARD", "bull:q:delayed"}), "1");
}

CAF_TEST(the next due time is told when slots stay free) {
  add(delayed(500));
  add(plain());
  CAF_CHECK_EQUAL(claim_all(1).next_due, 0);
  add(plain());
  CAF_CHECK_EQUAL(claim_all(2).next_due, now + 500);
}

CAF_TEST(a claimed job tells how many wait behind it) {
  add_many(3);
  add(ranked(7));
  add(ranked(background_priority));
  add(ranked(background_priority));
  auto waiting = [this] {
    return claim_all(1).jobs.at(0).waiting;
  };
  for (uint32_t behind : {3, 2, 1, 0, 0, 0})
    CAF_CHECK_EQUAL(waiting(), behind);
}

CAF_TEST(a full claim wakes the next worker) {
  add_many(3);
  take_marker();
  claim(2);
  CAF_CHECK(take_marker());
  claim(2);
  CAF_CHECK(!take_marker());
}

CAF_TEST(a paused queue gives nothing but promotes) {
  add(plain());
  add(delayed(5));
  set_meta("paused", "1");
  take_marker();
  now += 5;
  CAF_CHECK(claim(2).empty());
  CAF_CHECK_EQUAL(list("wait"), (strings{"2", "1"}));
  CAF_CHECK(!take_marker());
  raw({"HDEL", "bull:q:meta", "paused"});
  CAF_CHECK_EQUAL(claim(2), (strings{"1", "2"}));
}

CAF_TEST(the concurrency of the whole fleet is kept) {
  add_many(4);
  set_meta("concurrency", "2");
  CAF_CHECK_EQUAL(claim(1).size(), 1u);
  CAF_CHECK_EQUAL(claim(4).size(), 1u);
  CAF_CHECK(claim(4).empty());
  set_meta("concurrency", "3");
  CAF_CHECK_EQUAL(claim(4).size(), 1u);
}

CAF_TEST(claims of many sizes give each job once) {
  add_many(1103);
  CAF_CHECK_EQUAL(claim(1).size(), 1u);
  CAF_CHECK_EQUAL(claim(2).size(), 2u);
  CAF_CHECK_EQUAL(claim(100).size(), 100u);
  CAF_CHECK_EQUAL(claim(1000).size(), 1000u);
  CAF_CHECK_EQUAL(one({"LLEN", "bull:q:active"}), "1103");
}

CAF_TEST_FIXTURE_SCOPE_END()
