#define CAF_SUITE retention

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct retention_fixture : queue_fixture {
  /// Completes new jobs, a second apart, all kept as `keep` says.
  void complete(size_t count, retention keep) {
    for (size_t i = 0; i < count; ++i) {
      settle(kept(started(), keep));
      now += 1000;
    }
  }

  static settlement kept(const job& x, retention keep) {
    auto out = completed(x);
    out.keep = keep;
    return out;
  }

  /// All keys of a job that BullMQ knows.
  void give_subkeys(const std::string& id) {
    raw({"RPUSH", "bull:q:" + id + ":logs", "line"});
    raw({"HSET", "bull:q:" + id + ":processed", "k", "v"});
    raw({"HSET", "bull:q:" + id + ":failed", "k", "v"});
  }

  strings keys_of(const std::string& id) {
    auto out = raw({"KEYS", "bull:q:" + id + ":*"});
    if (exists(id))
      out.push_back(id);
    return out;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(retention_tests, retention_fixture)

CAF_TEST(all are kept where nothing is said) {
  complete(5, {-1, 0, 1000});
  CAF_CHECK_EQUAL(one({"ZCARD", "bull:q:completed"}), "5");
}

CAF_TEST(a count of none removes the job with all its keys) {
  auto x = started();
  give_subkeys("1");
  CAF_CHECK_EQUAL(settle(kept(x, {0, 0, 1000})), ".");
  CAF_CHECK(keys_of("1").empty());
  CAF_CHECK(!exists("completed"));
  CAF_CHECK_EQUAL(
    events(),
    (strings{"completed jobId=1 returnvalue=7 prev=active", "drained"}));
}

CAF_TEST(a failed job is removed at once too) {
  auto end = failed(started());
  end.keep.count = 0;
  end.codec_died = true;
  CAF_CHECK_EQUAL(settle(end), ".");
  CAF_CHECK(keys_of("1").empty());
  CAF_CHECK(!exists("failed"));
}

CAF_TEST(the newest are kept by count) {
  complete(2, {-1, 0, 1000});
  give_subkeys("1");
  complete(2, {3, 0, 1000});
  CAF_CHECK_EQUAL(members("completed"), (strings{"2", "3", "4"}));
  CAF_CHECK(keys_of("1").empty());
  CAF_CHECK(exists("2"));
  CAF_CHECK_EQUAL(field("4", "returnvalue"), "7");
}

CAF_TEST(a job is removed when its age is reached) {
  complete(1, {-1, 0, 1000});
  now += 8999; // the job is 9,999 ms old
  settle(kept(started(), {-1, 10, 1000}));
  CAF_CHECK_EQUAL(members("completed"), (strings{"1", "2"}));
  now += 1; // and now 10 s
  settle(kept(started(), {-1, 10, 1000}));
  CAF_CHECK_EQUAL(members("completed"), (strings{"2", "3"}));
  CAF_CHECK(keys_of("1").empty());
}

CAF_TEST(no more than the limit are removed by age at a time) {
  complete(5, {-1, 0, 1000});
  now += 3600000;
  settle(kept(started(), {-1, 60, 2}));
  CAF_CHECK_EQUAL(members("completed"), (strings{"1", "2", "3", "6"}));
}

CAF_TEST(an age of nothing empties the set) {
  complete(5, {-1, 0, 1000});
  settle(kept(started(), {-1, -1, 1000}));
  CAF_CHECK(!exists("completed"));
  CAF_CHECK(raw({"KEYS", "bull:q:[0-9]*"}).empty());
  auto told = events();
  CAF_CHECK_EQUAL(nth(told, told.size() - 2),
                  "completed jobId=6 returnvalue=7 prev=active");
}

CAF_TEST(an age of nothing empties no more than its limit) {
  complete(5, {-1, 0, 1000});
  settle(kept(started(), {-1, -1, 2}));
  CAF_CHECK_EQUAL(members("completed"), (strings{"1", "2", "3", "4"}));
  settle(kept(started(), {-1, -1, 0}));
  CAF_CHECK_EQUAL(one({"ZCARD", "bull:q:completed"}), "5");
  settle(kept(started(), {-1, -1, -1}));
  CAF_CHECK(!exists("completed"));
}

CAF_TEST(the limit of an age is of one job and not of a batch) {
  complete(5, {-1, 0, 1000});
  now += 3600000;
  auto jobs = started_many(2);
  settle({kept(jobs[0], {-1, 60, 2}), kept(jobs[1], {-1, 60, 2})});
  CAF_CHECK_EQUAL(members("completed"), (strings{"1", "6", "7"}));
}

CAF_TEST(age and count hold both) {
  complete(5, {-1, 0, 1000});
  now += 55000; // 1 is 60 s old
  settle(kept(started(), {3, 60, 1000}));
  CAF_CHECK_EQUAL(members("completed"), (strings{"4", "5", "6"}));
}

CAF_TEST(failed and completed jobs are kept apart) {
  complete(3, {-1, 0, 1000});
  auto end = failed(started());
  end.keep.count = 1;
  settle(end);
  CAF_CHECK_EQUAL(one({"ZCARD", "bull:q:completed"}), "3");
  CAF_CHECK_EQUAL(members("failed"), strings{"4"});
}

CAF_TEST(each job of a batch is kept as it says) {
  complete(3, {-1, 0, 1000});
  auto jobs = started_many(5); // 4 to 8
  auto lost = failed(jobs[4]);
  lost.keep.count = 0;
  CAF_CHECK_EQUAL(settle({kept(jobs[0], {0, 0, 1000}),
                          kept(jobs[1], {-1, 0, 1000}),
                          kept(jobs[2], {4, 0, 1000}), failed(jobs[3]), lost}),
                  ".....");
  CAF_CHECK_EQUAL(members("completed"), (strings{"2", "3", "5", "6"}));
  CAF_CHECK_EQUAL(members("failed"), strings{"7"});
  CAF_CHECK(keys_of("1").empty());
  CAF_CHECK(keys_of("4").empty());
  CAF_CHECK(keys_of("8").empty());
}

CAF_TEST(retentions that take turns all hold) {
  auto jobs = started_many(6);
  std::vector<settlement> batch;
  for (size_t i = 0; i < jobs.size(); ++i)
    batch.push_back(kept(jobs[i], {i % 2 == 0 ? -1 : 2, 0, 1000}));
  CAF_CHECK_EQUAL(settle(batch), "......");
  CAF_CHECK_EQUAL(one({"ZCARD", "bull:q:completed"}), "2");
}

CAF_TEST(a large batch keeps as many as one job would) {
  auto jobs = started_many(1000);
  std::vector<settlement> batch;
  for (const auto& x : jobs)
    batch.push_back(kept(x, {10, 3600, 1000}));
  settle(batch);
  CAF_CHECK_EQUAL(one({"ZCARD", "bull:q:completed"}), "10");
  CAF_CHECK_EQUAL(raw({"KEYS", "bull:q:[0-9]*"}).size(), 10u);
}

CAF_TEST(a removed job leaves its parent) {
  complete(1, {-1, 0, 1000});
  raw({"HSET", "bull:q:1", "parentKey", "bull:p:9", "parent",
       R"({"id":"9","queueKey":"bull:p"})"});
  raw({"SADD", "bull:p:9:dependencies", "bull:q:1", "bull:q:7"});
  complete(1, {1, 0, 1000});
  CAF_CHECK_EQUAL(raw({"SMEMBERS", "bull:p:9:dependencies"}),
                  strings{"bull:q:7"});
}

CAF_TEST_FIXTURE_SCOPE_END()
