/// What operators do to a whole queue. What is expected was seen of BullMQ 6.7.
#define CAF_SUITE queue_clean

#include "services/redis/queue_admin.hpp"
#include "tests/support/admin_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : admin_fixture {
  uint64_t clean(const std::string& state, int64_t older = 0,
                 uint64_t limit = 0) {
    return must(admin.clean({state, older, limit}, now));
  }

  /// A plain job, added so long ago.
  std::string aged(int64_t ms) {
    auto id = add(plain());
    raw({"HSET", P + id, "timestamp", std::to_string(now - ms)});
    return id;
  }

  void schedule(const std::string& where) {
    raw({"ZADD", P + "repeat", "5", "s"});
    raw({"HSET", P + "repeat:s", "name", "s"});
    raw({"HSET", P + "repeat:s:5", "name", "s", "timestamp", "1", "rjk", "s"});
    if (where == "wait")
      raw({"LPUSH", P + "wait", "repeat:s:5"});
    else
      raw({"ZADD", P + "delayed", "7", "repeat:s:5"});
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(queue_clean_tests, fixture)

CAF_TEST(a drain removes what waits and tells nothing) {
  started();
  add_many(2);
  add(ranked(3));
  add(delayed(50));
  events();
  CAF_CHECK_EQUAL(must(admin.drain(false, now)), 3u);
  CAF_CHECK(events().empty());
  CAF_CHECK(!exists("wait"));
  CAF_CHECK(!exists("prioritized"));
  CAF_CHECK_EQUAL(members("delayed"), strings{"5"});
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
  CAF_CHECK_EQUAL(must(admin.drain(true, now)), 1u);
  CAF_CHECK(!exists("5"));
}

CAF_TEST(a drain of more than a slice keeps the jobs of schedulers) {
  add_many(1500);
  schedule("wait");
  add_many(1500);
  CAF_CHECK_EQUAL(must(admin.drain(true, now)), 3000u);
  CAF_CHECK_EQUAL(list("wait"), strings{"repeat:s:5"});
  CAF_CHECK_EQUAL(one({"EXISTS", P + "1", P + "3000"}), "0");
}

CAF_TEST(with the last child a drain removes a parent of the same queue) {
  family("p", {"a", "b"});
  must(admin.drain(false, now));
  CAF_CHECK(!exists("p"));
  CAF_CHECK(!waits("p"));
  family("p", {"a", "b"});
  claim();
  must(admin.drain(false, now));
  CAF_CHECK(waits("p"));
}

CAF_TEST(a drain releases a parent of another queue) {
  add(named("a"));
  raw({"HSET", "bull:o:p", "name", "p"});
  raw({"ZADD", "bull:o:waiting-children", "1", "p"});
  raw({"SADD", "bull:o:p:dependencies", P + "a"});
  raw({"HSET", P + "a", "parentKey", "bull:o:p", "parent",
       R"({"id":"p","queueKey":"bull:o"})"});
  must(admin.drain(false, now));
  CAF_CHECK_EQUAL(raw({"LRANGE", "bull:o:wait", "0", "-1"}), strings{"p"});
}

CAF_TEST(a clean removes ended jobs by the time of their end) {
  for (int i = 0; i < 3; ++i) {
    dead();
    now += 10;
  }
  now -= 10;
  CAF_CHECK_EQUAL(clean("failed", 11), 1u);
  CAF_CHECK_EQUAL(events(), (strings{"cleaned count=1", "cleaned count=0"}));
  CAF_CHECK_EQUAL(clean("failed", 10), 1u);
  CAF_CHECK_EQUAL(clean("failed", 9), 0u);
  CAF_CHECK_EQUAL(members("failed"), strings{"3"});
  CAF_CHECK(!exists("2"));
}

CAF_TEST(a clean removes so many and the oldest first) {
  for (int i = 0; i < 3; ++i, ++now)
    dead();
  CAF_CHECK_EQUAL(clean("failed", 0, 2), 2u);
  CAF_CHECK_EQUAL(members("failed"), strings{"3"});
  add_many(3);
  CAF_CHECK_EQUAL(clean("waiting", 0, 1), 1u);
  CAF_CHECK_EQUAL(list("wait"), (strings{"6", "5"}));
}

CAF_TEST(a clean of what waits goes by the time of adding) {
  for (int64_t age : {100, 300, 100, 200, 100})
    aged(age);
  CAF_CHECK_EQUAL(clean("waiting", 200), 2u);
  CAF_CHECK_EQUAL(list("wait"), (strings{"5", "3", "1"}));
  CAF_CHECK(!exists("2"));
  CAF_CHECK_EQUAL(clean("waiting", 200), 0u);
}

CAF_TEST(a clean reaches behind more kept jobs than a slice has) {
  add_many(1200);
  auto last = aged(50);
  CAF_CHECK_EQUAL(clean("waiting", 50), 1u);
  CAF_CHECK_EQUAL(one({"LLEN", P + "wait"}), "1200");
  CAF_CHECK(!exists(last));
}

CAF_TEST(a clean of active jobs spares those that run) {
  started_many(2);
  raw({"DEL", P + "1:lock"});
  CAF_CHECK_EQUAL(clean("active"), 1u);
  CAF_CHECK_EQUAL(list("active"), strings{"2"});
}

CAF_TEST(a clean spares the next job of a scheduler) {
  schedule("delayed");
  add(delayed(10));
  CAF_CHECK_EQUAL(clean("delayed"), 1u);
  CAF_CHECK_EQUAL(members("delayed"), strings{"repeat:s:5"});
}

CAF_TEST(a clean of an unknown state is refused) {
  CAF_CHECK(refused(admin.clean({"sleeping", 0, 0}, now)).code
            == ec::bad_input);
}

CAF_TEST(an obliterated queue leaves no key) {
  settle({completed(started()), failed(started())});
  add_many(1100);
  add(ranked(2));
  add(delayed(9));
  schedule("wait");
  family("p", {"a"});
  set_meta("concurrency", "3");
  must(admin.obliterate(false, now));
  CAF_CHECK_EQUAL(raw({"KEYS", "bull:*"}), strings{});
}

CAF_TEST(a job that was tried counts from its last start) {
  auto tried = started();
  now += 5000;
  settle(ending(tried, settle_kind::retry_now, "broke"));
  auto later = ending(claim_all().jobs.at(0), settle_kind::retry_later, "x");
  later.delay_ms = 60000;
  settle(later);
  CAF_CHECK_EQUAL(clean("delayed", 1000), 0u);
  must(admin.promote("1", now));
  CAF_CHECK_EQUAL(clean("waiting", 1000), 0u);
  now += 1000;
  CAF_CHECK_EQUAL(clean("waiting", 1000), 1u);
}

CAF_TEST(a parent counts from when it began to wait) {
  family("p", {"k"});
  raw({"ZADD", P + "waiting-children", std::to_string(now + 5000), "p"});
  now += 5500;
  CAF_CHECK_EQUAL(clean("waiting-children", 1000), 0u);
  now += 500;
  CAF_CHECK_EQUAL(clean("waiting-children", 1000), 1u);
}

CAF_TEST(a parent elsewhere is released without a word) {
  auto child = plain();
  child.options = R"({"parent":{"id":"p","queue":"bull:r"}})";
  raw({"HSET", "bull:r:p", "name", "parent", "timestamp", time});
  raw({"ZADD", "bull:r:waiting-children", time, "p"});
  add(child);
  must(admin.obliterate(false, now));
  CAF_CHECK_EQUAL(raw({"LRANGE", "bull:r:wait", "0", "-1"}), strings{"p"});
  CAF_CHECK_EQUAL(one({"EXISTS", "bull:r:events"}), "0");
}

CAF_TEST(a queue whose jobs run is paused and not obliterated) {
  started();
  add(plain());
  auto why = refused(admin.obliterate(false, now));
  CAF_CHECK(why.code == ec::conflict);
  CAF_CHECK(has(why.context, "--force"));
  CAF_CHECK(exists("2"));
  CAF_CHECK(must(queue.counts()).paused);
  must(admin.obliterate(true, now));
  CAF_CHECK_EQUAL(raw({"KEYS", "bull:*"}), strings{});
}

CAF_TEST(the facts tell limits and how long the oldest job waits) {
  CAF_CHECK_EQUAL(must(admin.facts()).oldest_waiting, 0);
  aged(500);
  add(lifo());
  set_meta("concurrency", "4");
  set_meta("max", "10");
  set_meta("duration", "1000");
  auto facts = must(admin.facts());
  CAF_CHECK_EQUAL(facts.oldest_waiting, now);
  CAF_CHECK_EQUAL(facts.concurrency, 4u);
  CAF_CHECK_EQUAL(facts.limit_max, 10u);
  CAF_CHECK_EQUAL(facts.limit_window, 1000);
  CAF_CHECK(!facts.paused);
}

CAF_TEST(the facts name the workers that are connected) {
  job_queue named{test::shared_redis().settings(),
                  settings,
                  {},
                  queue.keys().client_name("w1")};
  job_queue unnamed{test::shared_redis().settings(),
                    settings,
                    {},
                    queue.keys().client_name("")};
  must(named.counts());
  must(unnamed.counts());
  auto workers = must(admin.facts()).workers;
  std::sort(workers.begin(), workers.end());
  CAF_CHECK_EQUAL(workers, (strings{"", "w1"}));
}

CAF_TEST_FIXTURE_SCOPE_END()
