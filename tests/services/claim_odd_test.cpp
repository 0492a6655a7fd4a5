#define CAF_SUITE claim_odd

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(claim_odd_tests, queue_fixture)

CAF_TEST(legacy markers in wait are dropped and the claim goes on) {
  add(ranked(1));
  add(plain());
  raw({"RPUSH", "bull:q:wait", "0:1700000000123"});
  CAF_CHECK_EQUAL(claim(1), strings{"2"});
  raw({"RPUSH", "bull:q:wait", "0:5", "0:6"});
  CAF_CHECK_EQUAL(claim(1), strings{"1"});
  CAF_CHECK_EQUAL(list("active"), (strings{"1", "2"}));
  CAF_CHECK(!exists("wait"));
}

CAF_TEST(an id without a hash blocks nobody and leaves nothing) {
  raw({"RPUSH", "bull:q:wait", "ghost"});
  add(ranked(1));
  CAF_CHECK(claim(1).empty());
  CAF_CHECK(take_marker()); // so that somebody comes again at once
  CAF_CHECK_EQUAL(claim(1), strings{"1"});
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
  CAF_CHECK(!exists("ghost"));
  CAF_CHECK(!exists("ghost:lock"));
}

CAF_TEST(a delayed id without a hash leaves nothing) {
  raw({"ZADD", "bull:q:delayed", "4096", "ghost"});
  CAF_CHECK(claim(1).empty());
  CAF_CHECK(!exists("ghost"));
  CAF_CHECK(!exists("delayed"));
  CAF_CHECK(!exists("wait"));
  CAF_CHECK(!exists("active"));
}

CAF_TEST(an id that names another key blocks nobody and the key stays) {
  raw({"SET", "bull:q:text", "mine"});
  raw({"ZADD", "bull:q:delayed", "4096", "text"});
  raw({"RPUSH", "bull:q:wait", "wait", "meta", "text"});
  raw({"ZADD", "bull:q:prioritized", "1", "delayed"});
  raw({"HSET", "bull:q:meta", "mine", "1"});
  add(plain());
  claim(9);
  claim(9);
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
  CAF_CHECK(!exists("wait"));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:text"}), "mine");
  CAF_CHECK_EQUAL(field("meta", "processedOn"), "(nil)");
  CAF_CHECK(!exists("meta:lock"));
}

CAF_TEST(a number that is none stops no claim) {
  auto count = 0u;
  for (const auto* field : {"ats", "atm", "priority", "drLost", "timestamp"})
    for (const auto* text : {"abc", "nan", "1e999", "-1e999", "0x1p2000", ""}) {
      add(plain());
      raw({"HSET", "bull:q:" + std::to_string(++count), field, text});
    }
  CAF_CHECK_EQUAL(claim(100).size(), count);
  CAF_CHECK_EQUAL(list("active").size(), count);
  for (auto i = 1; i <= 6; ++i) // those of `ats`
    CAF_CHECK_EQUAL(field(std::to_string(i), "ats"), "1");
}

CAF_TEST(a limit of the queue that is no number stops no claim) {
  raw({"HSET", "bull:q:meta", "max", "5", "duration", "1000"});
  raw({"SET", "bull:q:limiter", "abc", "PX", "1000"});
  add(plain());
  claim(1);
  raw({"DEL", "bull:q:limiter"});
  CAF_CHECK_EQUAL(list("active").size(), 1u);
}

CAF_TEST(a job without a name is claimed so that it can fail) {
  raw({"HSET", "bull:q:7", "ats", "1"});
  raw({"LPUSH", "bull:q:wait", "7"});
  auto jobs = claim_all().jobs;
  CAF_REQUIRE_EQUAL(jobs.size(), 1u);
  CAF_CHECK_EQUAL(jobs[0].name, "");
  CAF_CHECK_EQUAL(jobs[0].attempt, 2u);
  CAF_CHECK_EQUAL(list("active"), strings{"7"});
}

CAF_TEST(broken options count as absent) {
  auto x = plain();
  x.options = "{broken";
  add(x);
  auto got = claim_all().jobs.at(0);
  CAF_CHECK_EQUAL(got.options.attempts, 0u);
  CAF_CHECK_EQUAL(got.options.on_fail.count, -1);
}

CAF_TEST(queues of other names and prefixes are apart) {
  auto braces = other([](auto& x) { x.prefix = "{bull}"; });
  auto second = other([](auto& x) { x.name = "q2"; });
  must(braces.add({plain()}, now));
  must(second.add({plain()}, now));
  CAF_CHECK(claim().empty());
  CAF_CHECK_EQUAL(one({"LLEN", "{bull}:q:wait"}), "1");
  CAF_CHECK_EQUAL(one({"LLEN", "bull:q2:wait"}), "1");
  CAF_CHECK_EQUAL(must(second.step({{}, {}, 1, "t"}, now)).jobs.size(), 1u);
}

CAF_TEST(Redis at its wits end is an error and not an empty queue) {
  raw({"SET", "bull:q:wait", "no list"});
  auto reply = queue.step({{}, {}, 1, "t"}, now);
  CAF_REQUIRE(!reply);
  CAF_CHECK(reply.error().code == ec::redis_refused);
  CAF_CHECK(has(reply.error().context, "WRONGTYPE"));
}

CAF_TEST_FIXTURE_SCOPE_END()
