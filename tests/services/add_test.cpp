#define CAF_SUITE add

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(add_tests, queue_fixture)

CAF_TEST(a plain job is a hash and an id in wait) {
  CAF_CHECK_EQUAL(add(plain()), "1");
  CAF_CHECK_EQUAL(one({"HLEN", "bull:q:1"}), "6");
  CAF_CHECK_EQUAL(field("1", "name"), "echo");
  CAF_CHECK_EQUAL(field("1", "data"), R"({"n":1})");
  CAF_CHECK_EQUAL(field("1", "opts"), R"({"attempts":3})");
  CAF_CHECK_EQUAL(field("1", "timestamp"), time);
  CAF_CHECK_EQUAL(field("1", "delay"), "0");
  CAF_CHECK_EQUAL(field("1", "priority"), "0");
  CAF_CHECK_EQUAL(list("wait"), strings{"1"});
  CAF_CHECK_EQUAL(score("marker", "0"), "0");
  CAF_CHECK_EQUAL(one({"GET", "bull:q:id"}), "1");
  CAF_CHECK_EQUAL(events(),
                  (strings{"added jobId=1 name=echo", "waiting jobId=1"}));
}

CAF_TEST(jobs are added in order behind those that wait) {
  CAF_CHECK_EQUAL(add_many(3), (strings{"1", "2", "3"}));
  CAF_CHECK_EQUAL(add(lifo()), "4");
  CAF_CHECK_EQUAL(list("wait"), (strings{"3", "2", "1", "4"}));
}

CAF_TEST(a delayed job is due with its place within the millisecond) {
  add(delayed(1000));
  add(delayed(1000));
  add(delayed(999));
  auto due = now + 1000;
  CAF_CHECK_EQUAL(score("delayed", "1"), std::to_string(due * 4096));
  CAF_CHECK_EQUAL(score("delayed", "2"), std::to_string(due * 4096 + 1));
  CAF_CHECK_EQUAL(members("delayed"), (strings{"3", "1", "2"}));
  CAF_CHECK_EQUAL(field("1", "delay"), "1000");
  CAF_CHECK_EQUAL(score("marker", "1"), std::to_string(due - 1));
  CAF_CHECK(!take_marker());
  CAF_CHECK(list("wait").empty());
  auto told = events();
  CAF_CHECK_EQUAL(told.at(0), "added jobId=1 name=echo");
  CAF_CHECK_EQUAL(told.at(1), "delayed jobId=1 delay=" + std::to_string(due));
}

CAF_TEST(places within a millisecond end at the last one) {
  auto base = (now + 5) * 4096;
  raw({"ZADD", "bull:q:delayed", std::to_string(base + 4095), "x"});
  add(delayed(5));
  CAF_CHECK_EQUAL(score("delayed", "1"), std::to_string(base + 4095));
}

CAF_TEST(a prioritised job is ranked by priority and then by age) {
  add(ranked(5));
  add(ranked(5));
  add(ranked(2097151));
  CAF_CHECK_EQUAL(score("prioritized", "1"), std::to_string((5LL << 32) + 1));
  CAF_CHECK_EQUAL(score("prioritized", "2"), std::to_string((5LL << 32) + 2));
  CAF_CHECK_EQUAL(score("prioritized", "3"),
                  std::to_string((2097151LL << 32) + 3));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:pc"}), "3");
  CAF_CHECK_EQUAL(field("1", "priority"), "5");
  CAF_CHECK(take_marker());
  CAF_CHECK_EQUAL(nth(events(), 1), "waiting jobId=1");
}

CAF_TEST(a delay comes before a priority and a priority before lifo) {
  auto both = ranked(3);
  both.delay_ms = 10;
  add(both);
  CAF_CHECK_EQUAL(members("delayed"), strings{"1"});
  auto first = ranked(3);
  first.lifo = true;
  add(first);
  CAF_CHECK_EQUAL(members("prioritized"), strings{"2"});
}

CAF_TEST(a custom id counts as an id) {
  CAF_CHECK_EQUAL(add(named("photo-7")), "photo-7");
  CAF_CHECK_EQUAL(one({"GET", "bull:q:id"}), "1");
  CAF_CHECK_EQUAL(list("wait"), strings{"photo-7"});
  CAF_CHECK_EQUAL(add(plain()), "2");
}

CAF_TEST(a taken id adds nothing and is told) {
  add(named("a"));
  events();
  auto again = named("a");
  again.data = R"({"n":2})";
  again.delay_ms = 5;
  CAF_CHECK_EQUAL(add(again), "a");
  CAF_CHECK_EQUAL(field("a", "data"), R"({"n":1})");
  CAF_CHECK_EQUAL(list("wait"), strings{"a"});
  CAF_CHECK(!exists("delayed"));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:id"}), "2");
  CAF_CHECK_EQUAL(events(), strings{"duplicated jobId=a"});
}

CAF_TEST(a paused queue takes jobs without waking anybody) {
  set_meta("paused", "1");
  add(plain());
  add(ranked(1));
  CAF_CHECK(!take_marker());
  CAF_CHECK_EQUAL(list("wait"), strings{"1"});
  CAF_CHECK(!exists("paused"));
  add(delayed(50));
  CAF_CHECK_EQUAL(score("marker", "1"), std::to_string(now + 50));
}

CAF_TEST(a queue at its concurrency wakes nobody) {
  set_meta("concurrency", "1");
  add(plain());
  CAF_CHECK(take_marker());
  claim();
  take_marker();
  add(plain());
  CAF_CHECK(!take_marker());
  set_meta("concurrency", "2");
  add(plain());
  CAF_CHECK(take_marker());
}

CAF_TEST(the length of the event stream is written where it is missing) {
  add(plain());
  CAF_CHECK_EQUAL(one({"HGET", "bull:q:meta", "opts.maxLenEvents"}), "10000");
  set_meta("opts.maxLenEvents", "7");
  add(plain());
  CAF_CHECK_EQUAL(one({"HGET", "bull:q:meta", "opts.maxLenEvents"}), "7");
  CAF_CHECK_EQUAL(one({"HEXISTS", "bull:q:meta", "version"}), "0");
}

CAF_TEST(the event stream is trimmed about where meta says) {
  set_meta("opts.maxLenEvents", "100");
  add_many(500);
  auto length = std::stoll(one({"XLEN", events_key}));
  CAF_CHECK(length >= 100 && length <= 300);
}

CAF_TEST(any bytes survive as data) {
  auto x = plain();
  x.data = std::string("{\"a\":\"\\ud800\xff\"}") + '\0' + "\r\n";
  add(x);
  CAF_CHECK_EQUAL(field("1", "data"), x.data);
}

CAF_TEST(a thousand jobs are added at once) {
  CAF_CHECK_EQUAL(nth(add_many(1000), 999), "1000");
  CAF_CHECK_EQUAL(one({"LLEN", "bull:q:wait"}), "1000");
}

CAF_TEST_FIXTURE_SCOPE_END()
