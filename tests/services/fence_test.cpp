#define CAF_SUITE fence

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct fence_fixture : queue_fixture {
  /// All that a refused settlement must leave as it was.
  strings picture() {
    auto out = raw({"HGETALL", "bull:q:1"});
    for (const auto& id : list("active"))
      out.push_back("active " + id);
    for (const auto& name : raw({"KEYS", "bull:q:*"}))
      if (name != "bull:q:marker")
        out.push_back(name);
    std::sort(out.begin(), out.end());
    return out;
  }

  const std::vector<settle_kind> kinds{
    settle_kind::complete,  settle_kind::fail,     settle_kind::retry_later,
    settle_kind::retry_now, settle_kind::postpone, settle_kind::give_back};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(fence_tests, fence_fixture)

CAF_TEST(the lock of another fences each way out) {
  auto x = started();
  raw({"SET", "bull:q:1:lock", "other"});
  auto before = picture();
  for (auto kind : kinds)
    CAF_CHECK_EQUAL(settle(ending(x, kind, "1")), "F");
  CAF_CHECK(picture() == before);
  CAF_CHECK_EQUAL(one({"GET", "bull:q:1:lock"}), "other");
  CAF_CHECK(events().empty());
}

CAF_TEST(an expired lock does not void the work) {
  for (auto kind : kinds) {
    auto x = started();
    raw({"DEL", "bull:q:" + x.id + ":lock"});
    raw({"SADD", "bull:q:stalled", x.id});
    CAF_CHECK_EQUAL(settle(ending(x, kind, "1")), ".");
    CAF_CHECK(!exists("stalled"));
    claim();
    raw({"DEL", "bull:q:active", "bull:q:wait", "bull:q:delayed"});
  }
}

CAF_TEST(who took the job since owns it) {
  auto x = started();
  raw({"HSET", "bull:q:1", "ats", "2"});
  auto before = picture();
  CAF_CHECK_EQUAL(settle(completed(x)), "F");
  raw({"DEL", "bull:q:1:lock"});
  CAF_CHECK_EQUAL(settle(completed(x)), "F");
  CAF_CHECK_EQUAL(picture().size(), before.size() - 1);
}

CAF_TEST(a removed job is gone) {
  auto x = started();
  raw({"DEL", "bull:q:1", "bull:q:1:lock", "bull:q:active"});
  CAF_CHECK_EQUAL(settle(completed(x)), "G");
  CAF_CHECK(!exists("1"));
  CAF_CHECK(!exists("completed"));
  CAF_CHECK(events().empty());
}

CAF_TEST(a job whose hash was removed while it ran leaves active) {
  auto jobs = started_many(3);
  raw({"DEL", "bull:q:1", "bull:q:2"});
  raw({"SET", "bull:q:2", "mine"});
  raw({"SET", "bull:q:2:lock", "other"});
  CAF_CHECK_EQUAL(
    settle({completed(jobs[0]), completed(jobs[1]), completed(jobs[2])}),
    "GG.");
  CAF_CHECK(!exists("active"));
  CAF_CHECK(!exists("1:lock"));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:2"}), "mine");
  CAF_CHECK_EQUAL(one({"GET", "bull:q:2:lock"}), "other");
}

CAF_TEST(a job that left active is not settled) {
  auto x = started();
  raw({"DEL", "bull:q:active"});
  CAF_CHECK_EQUAL(settle(completed(x)), "N");
  raw({"DEL", "bull:q:1:lock"});
  CAF_CHECK_EQUAL(settle(completed(x)), "N");
  CAF_CHECK_EQUAL(field("1", "atm"), "(nil)");
  CAF_CHECK(!exists("completed"));
}

CAF_TEST(a stalled job that waits again is not settled) {
  auto x = started();
  raw({"DEL", "bull:q:1:lock"});
  must(queue.recover_stalled(now));
  raw({"DEL", "bull:q:stalled-check"});
  must(queue.recover_stalled(now));
  CAF_CHECK_EQUAL(list("wait"), strings{"1"});
  CAF_CHECK_EQUAL(settle(completed(x)), "N");
  CAF_CHECK_EQUAL(claim(1, "t:9"), strings{"1"});
  CAF_CHECK_EQUAL(settle(completed(x)), "F");
}

CAF_TEST(a job settles once) {
  auto x = started();
  CAF_CHECK_EQUAL(settle({completed(x), failed(x)}), ".N");
  CAF_CHECK_EQUAL(settle(completed(x)), "N");
  CAF_CHECK_EQUAL(field("1", "atm"), "1");
  CAF_CHECK_EQUAL(members("completed"), strings{"1"});
  CAF_CHECK(!exists("failed"));
}

CAF_TEST(unfinished children keep their parent from completing) {
  auto x = started();
  raw({"SADD", "bull:q:1:dependencies", "bull:q:9"});
  CAF_CHECK_EQUAL(settle(completed(x)), "C");
  CAF_CHECK_EQUAL(one({"GET", "bull:q:1:lock"}), "t:1");
  CAF_CHECK_EQUAL(list("active"), strings{"1"});
  CAF_CHECK_EQUAL(settle(failed(x)), ".");
}

CAF_TEST(failed children keep their parent from completing) {
  auto x = started();
  raw({"ZADD", "bull:q:1:unsuccessful", "1", "bull:q:9"});
  CAF_CHECK_EQUAL(settle(completed(x)), "U");
  CAF_CHECK_EQUAL(settle(failed(x)), ".");
}

CAF_TEST_FIXTURE_SCOPE_END()
