/// What operators do to one job. What is expected was seen of BullMQ 6.7.
#define CAF_SUITE queue_admin

#include "services/redis/queue_admin.hpp"
#include "tests/support/admin_fixture.hpp"

using namespace darkroom;

CAF_TEST_FIXTURE_SCOPE(queue_admin_tests, admin_fixture)

CAF_TEST(a failed job that is retried goes behind the others) {
  auto id = dead();
  add(plain());
  events();
  must(admin.retry(id, false, now));
  CAF_CHECK_EQUAL(list("wait"), (strings{id, "2"}));
  CAF_CHECK(members("failed").empty());
  CAF_CHECK_EQUAL(events(), strings{"waiting jobId=1 prev=failed"});
  CAF_CHECK_EQUAL(field(id, "failedReason"), "(nil)");
  CAF_CHECK_EQUAL(field(id, "finishedOn"), "(nil)");
  CAF_CHECK_EQUAL(field(id, "atm"), "1");
  CAF_CHECK_EQUAL(field(id, "stacktrace"), R"(["Error: broke"])");
  CAF_CHECK(take_marker());
}

CAF_TEST(a fresh retry forgets attempts and deaths but not the fence) {
  auto id = dead();
  raw({"HSET", P + id, "drLost", "2", "drCodecDeaths", "3"});
  must(admin.retry(id, true, now));
  for (const auto* name : {"atm", "drLost", "drCodecDeaths"})
    CAF_CHECK_EQUAL(field(id, name), "(nil)");
  CAF_CHECK_EQUAL(field(id, "ats"), "1");
}

CAF_TEST(a retried job keeps its priority or its place at the front) {
  auto first = dead(ranked(3));
  auto x = named("l");
  x.options = R"({"lifo":true})";
  auto second = dead(x);
  add(plain());
  must(admin.retry(first, false, now));
  must(admin.retry(second, false, now));
  CAF_CHECK_EQUAL(members("prioritized"), strings{first});
  CAF_CHECK_EQUAL(nth(list("wait"), 1), second);
}

CAF_TEST(a completed job can be retried and a waiting one not ) {
  settle(completed(started()));
  must(admin.retry("1", false, now));
  CAF_CHECK_EQUAL(field("1", "returnvalue"), "(nil)");
  CAF_CHECK_EQUAL(list("wait"), strings{"1"});
  CAF_CHECK(refused(admin.retry("1", false, now)).code == ec::conflict);
  CAF_CHECK(refused(admin.retry("9", false, now)).code == ec::not_found);
}

CAF_TEST(a parent waits for a retried child again) {
  family("p", {"a", "b"});
  settle(completed(claim_all().jobs.at(0)));
  CAF_CHECK_EQUAL(raw({"SMEMBERS", P + "p:dependencies"}), strings{P + "b"});
  must(admin.retry("a", false, now));
  CAF_CHECK_EQUAL(one({"SCARD", P + "p:dependencies"}), "2");
  CAF_CHECK_EQUAL(one({"HLEN", P + "p:processed"}), "0");
}

CAF_TEST(a promoted job goes in line by its priority) {
  add(delayed(90));
  auto x = delayed(90);
  x.priority = 2;
  add(x);
  events();
  must(admin.promote("1", now));
  must(admin.promote("2", now));
  CAF_CHECK_EQUAL(list("wait"), strings{"1"});
  CAF_CHECK_EQUAL(members("prioritized"), strings{"2"});
  CAF_CHECK_EQUAL(field("1", "delay"), "0");
  CAF_CHECK_EQUAL(events(), (strings{"waiting jobId=1 prev=delayed",
                                     "waiting jobId=2 prev=delayed"}));
  CAF_CHECK(refused(admin.promote("1", now)).code == ec::conflict);
}

CAF_TEST(a job is removed from every state but active) {
  started();
  add(plain());
  add(ranked(1));
  add(delayed(9));
  events();
  for (const auto* id : {"2", "3", "4"})
    must(admin.remove(id, now));
  CAF_CHECK_EQUAL(events(), (strings{"removed jobId=2 prev=wait",
                                     "removed jobId=3 prev=prioritized",
                                     "removed jobId=4 prev=delayed"}));
  CAF_CHECK(!exists("2"));
  CAF_CHECK(!exists("wait"));
  auto why = refused(admin.remove("1", now));
  CAF_CHECK(why.code == ec::conflict);
  CAF_CHECK(has(why.context, "runs"));
  CAF_CHECK(exists("1"));
}

CAF_TEST(a removed child releases its parent) {
  family("p", {"a", "b"});
  must(admin.remove("a", now));
  CAF_CHECK(waits("p"));
  must(admin.remove("b", now));
  CAF_CHECK(!waits("p"));
  CAF_CHECK_EQUAL(list("wait"), strings{"p"});
}

CAF_TEST(a removed parent takes its children along) {
  family("p", {"a", "b", "c"});
  settle(completed(claim_all().jobs.at(0)));
  events();
  must(admin.remove("p", now));
  for (const auto* id : {"p", "a", "b", "c"})
    CAF_CHECK(!exists(id));
  CAF_CHECK_EQUAL(nth(events(), 0), "removed jobId=a prev=completed");
}

CAF_TEST(a parent whose child runs is not removed) {
  family("p", {"a"});
  claim();
  CAF_CHECK(refused(admin.remove("p", now)).code == ec::conflict);
  CAF_CHECK(waits("p"));
}

CAF_TEST(the next job of a scheduler is not removed) {
  raw({"ZADD", P + "repeat", "5", "s"});
  raw({"HSET", P + "repeat:s:5", "name", "s", "timestamp", "1", "rjk", "s"});
  raw({"LPUSH", P + "wait", "repeat:s:5"});
  auto why = refused(admin.remove("repeat:s:5", now));
  CAF_CHECK(has(why.context, "scheduler"));
  raw({"DEL", P + "repeat"});
  must(admin.remove("repeat:s:5", now));
}

CAF_TEST(a removed job gives its deduplication id free) {
  auto x = plain();
  x.options = R"({"de":{"id":"u"}})";
  add(x);
  CAF_CHECK(exists("de:u"));
  must(admin.remove("1", now));
  CAF_CHECK(!exists("de:u"));
}

CAF_TEST(a waiting job that is cancelled has failed for good) {
  for (const auto& x : {plain(), ranked(4), delayed(80)}) {
    auto id = add(x);
    events();
    CAF_CHECK(must(admin.cancel(id, now)));
    CAF_CHECK_EQUAL(field(id, "failedReason"), cancel_reason);
    CAF_CHECK_EQUAL(field(id, "finishedOn"), time);
    CAF_CHECK_EQUAL(score("failed", id), time);
    CAF_CHECK(has(nth(events(), 0), "failed jobId=" + id));
  }
  CAF_CHECK(claim().empty());
  CAF_CHECK(!exists("delayed"));
}

CAF_TEST(what runs or has ended is not cancelled here) {
  auto x = started();
  CAF_CHECK(!must(admin.cancel("1", now)));
  settle(completed(x));
  CAF_CHECK(refused(admin.cancel("1", now)).code == ec::conflict);
}

CAF_TEST(a cancelled job obeys its retention and tells its parent) {
  auto x = plain();
  x.options = R"({"removeOnFail":true})";
  must(admin.cancel(add(x), now));
  CAF_CHECK(!exists("1"));
  family("p", {"a"});
  raw({"HSET", P + "a", "parent",
       R"({"id":"p","queueKey":"bull:q","fpof":true})"});
  must(admin.cancel("a", now));
  CAF_CHECK_EQUAL(field("p", "defa"), "child bull:q:a failed");
  CAF_CHECK(!waits("p"));
}

CAF_TEST(a job is found with its logs) {
  started();
  raw({"RPUSH", P + "1:logs", "one", "two"});
  CAF_CHECK_EQUAL(must(admin.find("1")).id, "1");
  CAF_CHECK_EQUAL(must(admin.logs("1")), (strings{"one", "two"}));
  CAF_CHECK(refused(admin.find("9")).code == ec::not_found);
  CAF_CHECK(refused(admin.logs("9")).code == ec::not_found);
  CAF_CHECK(refused(admin.find("wait")).code == ec::not_found);
}

CAF_TEST_FIXTURE_SCOPE_END()
