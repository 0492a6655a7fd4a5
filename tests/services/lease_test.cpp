#define CAF_SUITE lease

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(lease_tests, queue_fixture)

CAF_TEST(a renewed lock lasts its whole time again) {
  started();
  raw({"PEXPIRE", "bull:q:1:lock", "100"});
  raw({"SADD", "bull:q:stalled", "1", "other"});
  CAF_CHECK(must(queue.renew({{{"1", "t:1"}}, {1}}, now)).empty());
  CAF_CHECK(ttl("1:lock") > 29000);
  CAF_CHECK_EQUAL(raw({"SMEMBERS", "bull:q:stalled"}), strings{"other"});
}

CAF_TEST(an expired lock is taken back while the job is active) {
  started();
  raw({"DEL", "bull:q:1:lock"});
  CAF_CHECK(must(queue.renew({{{"1", "t:1"}}, {1}}, now)).empty());
  CAF_CHECK_EQUAL(one({"GET", "bull:q:1:lock"}), "t:1");
  CAF_CHECK(ttl("1:lock") > 29000);
}

CAF_TEST(an expired lock is lost where the job is not ours) {
  started_many(4);
  raw({"DEL", "bull:q:1:lock", "bull:q:2:lock", "bull:q:3:lock", "bull:q:3"});
  raw({"HSET", "bull:q:1", "ats", "2"});    // somebody took it since
  raw({"LREM", "bull:q:active", "0", "2"}); // it waits again
  raw({"SET", "bull:q:4:lock", "other"});
  auto lost = must(queue.renew(
    {{{"1", "t:1"}, {"2", "t:1"}, {"3", "t:1"}, {"4", "t:1"}}, {1, 1, 1, 1}},
    now));
  CAF_CHECK_EQUAL(lost, (strings{"1", "2", "3", "4"}));
  CAF_CHECK(!exists("1:lock"));
  CAF_CHECK(!exists("2:lock"));
  CAF_CHECK(!exists("3:lock"));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:4:lock"}), "other");
}

CAF_TEST(a lock that is no text is lost and ends no renewal) {
  started_many(2);
  raw({"DEL", "bull:q:1:lock"});
  raw({"HSET", "bull:q:1:lock", "a", "b"});
  raw({"PEXPIRE", "bull:q:2:lock", "100"});
  auto lost = must(queue.renew({{{"1", "t:1"}, {"2", "t:1"}}, {1, 1}}, now));
  CAF_CHECK_EQUAL(lost, strings{"1"});
  CAF_CHECK(ttl("2:lock") > 29000);
}

CAF_TEST(an id that names another key now ends no renewal) {
  started_many(2);
  raw({"DEL", "bull:q:1:lock", "bull:q:2:lock", "bull:q:1"});
  raw({"SET", "bull:q:1", "mine"});
  auto lost = must(queue.renew({{{"1", "t:1"}, {"2", "t:1"}}, {1, 1}}, now));
  CAF_CHECK_EQUAL(lost, strings{"1"});
  CAF_CHECK(exists("2:lock"));
}

CAF_TEST(a lock is renewed where memory is full) {
  started();
  raw({"PEXPIRE", "bull:q:1:lock", "100"});
  raw({"CONFIG", "SET", "maxmemory", "1"});
  auto lost = queue.renew({{{"1", "t:1"}}, {1}}, now);
  raw({"CONFIG", "SET", "maxmemory", "0"});
  CAF_CHECK(must(std::move(lost)).empty());
  CAF_CHECK(ttl("1:lock") > 29000);
}

CAF_TEST(only what is lost is told) {
  started_many(3);
  raw({"SET", "bull:q:2:lock", "other"});
  auto lost = must(
    queue.renew({{{"1", "t:1"}, {"2", "t:1"}, {"3", "t:1"}}, {1, 1, 1}}, now));
  CAF_CHECK_EQUAL(lost, strings{"2"});
  CAF_CHECK(must(queue.renew({}, now)).empty());
}

CAF_TEST(orphans of this process are given back) {
  add(plain());
  add(ranked(3));
  add(plain());
  add(plain());
  claim(1, "node-1:a:1"); // 1
  claim(1, "node-1:a:2"); // 3
  claim(1, "node-2:a:1"); // 4
  claim(1, "node-1:b:1"); // 2
  take_marker();
  events();
  raw({"SADD", "bull:q:stalled", "1"});
  auto back = must(queue.return_orphans("node-1:", {"3"}, now));
  CAF_CHECK_EQUAL(back, (strings{"2", "1"}));
  CAF_CHECK_EQUAL(list("active"), (strings{"4", "3"}));
  CAF_CHECK_EQUAL(list("wait"), strings{"1"});
  CAF_CHECK_EQUAL(score("prioritized", "2"), std::to_string(3LL << 32));
  CAF_CHECK(!exists("1:lock"));
  CAF_CHECK(!exists("2:lock"));
  CAF_CHECK(exists("3:lock"));
  CAF_CHECK(!exists("stalled"));
  CAF_CHECK_EQUAL(field("1", "atm"), "(nil)");
  CAF_CHECK(take_marker());
  CAF_CHECK_EQUAL(events(), (strings{"waiting jobId=2 prev=active",
                                     "waiting jobId=1 prev=active"}));
}

CAF_TEST(a job whose lock expired is no orphan) {
  started();
  raw({"DEL", "bull:q:1:lock"});
  CAF_CHECK(must(queue.return_orphans("t:", {}, now)).empty());
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
  CAF_CHECK(events().empty());
}

CAF_TEST(orphans of a paused queue wake nobody) {
  started();
  set_meta("paused", "1");
  take_marker();
  CAF_CHECK_EQUAL(must(queue.return_orphans("t:", {}, now)), strings{"1"});
  CAF_CHECK(!take_marker());
}

CAF_TEST_FIXTURE_SCOPE_END()
