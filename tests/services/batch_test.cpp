#define CAF_SUITE batch

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct batch_fixture : queue_fixture {
  std::string settle_all(const std::vector<job>& jobs) {
    std::vector<settlement> batch;
    for (const auto& x : jobs)
      batch.push_back(completed(x));
    return settle(std::move(batch));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(batch_tests, batch_fixture)

CAF_TEST(batches of any size are settled at once) {
  size_t total = 0;
  for (auto size : {1u, 2u, 100u, 1000u}) {
    auto jobs = started_many(size);
    CAF_CHECK_EQUAL(settle_all(jobs), std::string(size, '.'));
    total += size;
    CAF_CHECK_EQUAL(one({"ZCARD", "bull:q:completed"}), std::to_string(total));
    CAF_CHECK(!exists("active"));
    CAF_CHECK(raw({"KEYS", "bull:q:*:lock"}).empty());
    CAF_CHECK_EQUAL(events().size(), size + 1); // and drained
  }
}

CAF_TEST(each of a batch goes its own way) {
  auto jobs = started_many(7);
  raw({"SET", "bull:q:2:lock", "other"});
  raw({"DEL", "bull:q:3", "bull:q:3:lock"});
  raw({"LREM", "bull:q:active", "0", "3"});
  auto later = ending(jobs[4], settle_kind::retry_later, "broke");
  later.delay_ms = 10;
  CAF_CHECK_EQUAL(settle({completed(jobs[0]), completed(jobs[1]),
                          completed(jobs[2]), failed(jobs[3]), later,
                          ending(jobs[5], settle_kind::give_back, "")}),
                  ".FG...");
  CAF_CHECK_EQUAL(members("completed"), strings{"1"});
  CAF_CHECK_EQUAL(members("failed"), strings{"4"});
  CAF_CHECK_EQUAL(members("delayed"), strings{"5"});
  CAF_CHECK_EQUAL(list("wait"), strings{"6"});
  CAF_CHECK_EQUAL(list("active"), (strings{"7", "2"}));
}

CAF_TEST(the jobs of others stay active) {
  auto old = started_many(3);
  auto mine = started_many(3);
  auto young = started_many(3);
  auto all = list("active");
  CAF_CHECK_EQUAL(settle_all({mine[1]}), "."); // amid the others
  CAF_CHECK_EQUAL(list("active"),
                  (strings{"9", "8", "7", "6", "4", "3", "2", "1"}));
  CAF_CHECK_EQUAL(settle_all({young[2], young[0], young[1]}), "...");
  CAF_CHECK_EQUAL(list("active"), (strings{"6", "4", "3", "2", "1"}));
  CAF_CHECK_EQUAL(settle_all(old), "...");
  CAF_CHECK_EQUAL(list("active"), (strings{"6", "4"}));
  CAF_CHECK_EQUAL(settle_all({mine[0], mine[2]}), "..");
  CAF_CHECK(!exists("active"));
}

CAF_TEST(thousands of foreign active jobs stay where they are) {
  strings foreign{"RPUSH", "bull:q:active"};
  for (int i = 0; i < 5000; ++i)
    foreign.push_back("x" + std::to_string(i));
  raw(foreign);
  auto jobs = started_many(200);
  jobs.resize(100);
  CAF_CHECK_EQUAL(settle_all(jobs), std::string(100, '.'));
  CAF_CHECK_EQUAL(one({"LLEN", "bull:q:active"}), "5100");
  CAF_CHECK_EQUAL(one({"LINDEX", "bull:q:active", "0"}), "200");
  CAF_CHECK_EQUAL(one({"LINDEX", "bull:q:active", "-1"}), "x4999");
}

CAF_TEST(a bad job in the batch leaves the good ones alone) {
  auto jobs = started_many(3);
  raw({"LREM", "bull:q:active", "0", "2"});
  CAF_CHECK_EQUAL(settle_all(jobs), ".N.");
  CAF_CHECK_EQUAL(members("completed"), (strings{"1", "3"}));
  CAF_CHECK(exists("2:lock"));
}

CAF_TEST(an empty step asks nothing of Redis) {
  auto reply = must(queue.step({}, now));
  CAF_CHECK(reply.jobs.empty());
  CAF_CHECK(raw({"KEYS", "*"}).empty());
}

CAF_TEST(the locks of a large claim belong to its token) {
  add_many(100);
  auto jobs = claim_all(100, "a:b:77").jobs;
  for (const auto& x : jobs)
    CAF_CHECK_EQUAL(one({"GET", "bull:q:" + x.id + ":lock"}), "a:b:77");
  CAF_CHECK_EQUAL(settle_all(jobs), std::string(100, '.'));
}

CAF_TEST_FIXTURE_SCOPE_END()
