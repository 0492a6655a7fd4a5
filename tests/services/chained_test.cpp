#define CAF_SUITE chained

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct chained_fixture : queue_fixture {
  static settlement chain(const job& x, std::vector<new_job> next) {
    auto out = ending(x, settle_kind::complete, R"({"next":"$chained"})");
    out.chained = std::move(next);
    return out;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(chained_tests, chained_fixture)

CAF_TEST(a chained job is added with the completion) {
  auto x = started();
  auto next = plain();
  next.name = "embeddings";
  next.data = "{\"imageId\":\"ü/1\"}";
  CAF_CHECK_EQUAL(settle(chain(x, {next})), ".");
  CAF_CHECK_EQUAL(field("1", "returnvalue"), R"({"next":"2"})");
  CAF_CHECK_EQUAL(field("2", "name"), "embeddings");
  CAF_CHECK_EQUAL(field("2", "data"), next.data);
  CAF_CHECK_EQUAL(field("2", "opts"), next.options);
  CAF_CHECK_EQUAL(field("2", "timestamp"), time);
  CAF_CHECK_EQUAL(list("wait"), strings{"2"});
  CAF_CHECK(take_marker());
  CAF_CHECK_EQUAL(
    events(),
    (strings{"added jobId=2 name=embeddings", "waiting jobId=2",
             R"(completed jobId=1 returnvalue={"next":"2"} prev=active)"}));
}

CAF_TEST(chained jobs go where their options say) {
  auto x = started();
  auto late = delayed(50);
  auto first = lifo();
  first.id = "first";
  CAF_CHECK_EQUAL(settle(chain(x, {late, ranked(7), first, plain()})), ".");
  CAF_CHECK_EQUAL(members("delayed"), strings{"2"});
  CAF_CHECK_EQUAL(members("prioritized"), strings{"3"});
  CAF_CHECK_EQUAL(list("wait"), (strings{"5", "first"}));
  CAF_CHECK_EQUAL(field("1", "returnvalue"), R"({"next":"2"})");
}

CAF_TEST(a chained job can be claimed in the same call) {
  auto reply = step({chain(started(), {plain()})}, 1);
  CAF_CHECK_EQUAL(ids(reply.jobs), strings{"2"});
}

CAF_TEST(an id of any letters is written as JSON) {
  auto next = named("50% \"of\" \\ it");
  CAF_CHECK_EQUAL(settle(chain(started(), {next})), ".");
  CAF_CHECK_EQUAL(field("1", "returnvalue"), R"({"next":"50% \"of\" \\ it"})");
  CAF_CHECK_EQUAL(members("completed"), strings{"1"});
}

CAF_TEST(a chained job that is there already is named) {
  auto x = started();
  add(named("twin"));
  events();
  CAF_CHECK_EQUAL(settle(chain(x, {named("twin")})), ".");
  CAF_CHECK_EQUAL(field("1", "returnvalue"), R"({"next":"twin"})");
  CAF_CHECK_EQUAL(list("wait"), strings{"twin"});
  CAF_CHECK_EQUAL(nth(events(), 0), "duplicated jobId=twin");
}

CAF_TEST(a refused completion chains nothing) {
  auto x = started();
  raw({"SET", "bull:q:1:lock", "other"});
  CAF_CHECK_EQUAL(settle(chain(x, {plain()})), "F");
  CAF_CHECK(!exists("2"));
  CAF_CHECK(!exists("wait"));
  CAF_CHECK_EQUAL(one({"GET", "bull:q:id"}), "1");
}

CAF_TEST(a job that is not kept chains all the same) {
  auto end = chain(started(), {plain()});
  end.keep.count = 0;
  CAF_CHECK_EQUAL(settle(end), ".");
  CAF_CHECK(!exists("1"));
  CAF_CHECK_EQUAL(nth(events(), 2),
                  R"(completed jobId=1 returnvalue={"next":"2"} prev=active)");
}

CAF_TEST(each of a batch names its own chained job) {
  auto jobs = started_many(2);
  CAF_CHECK_EQUAL(
    settle({chain(jobs[0], {plain()}), chain(jobs[1], {plain()})}), "..");
  CAF_CHECK_EQUAL(field("1", "returnvalue"), R"({"next":"3"})");
  CAF_CHECK_EQUAL(field("2", "returnvalue"), R"({"next":"4"})");
}

CAF_TEST_FIXTURE_SCOPE_END()
