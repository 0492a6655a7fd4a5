#define CAF_SUITE view

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct view_fixture : queue_fixture {
  strings page(const std::string& state, uint32_t offset = 0,
               uint32_t limit = 10) {
    strings out;
    for (const auto& x : must(queue.list(state, offset, limit)))
      out.push_back(x.id);
    return out;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(view_tests, view_fixture)

CAF_TEST(an empty queue counts nothing) {
  auto x = must(queue.counts());
  CAF_CHECK_EQUAL(x.waiting + x.active + x.delayed + x.prioritized
                    + x.waiting_children + x.completed + x.failed,
                  0u);
  CAF_CHECK(!x.paused);
}

CAF_TEST(jobs are counted in each state) {
  auto jobs = started_many(6);
  settle({completed(jobs[0]), completed(jobs[1]), completed(jobs[2]),
          failed(jobs[3]), failed(jobs[4])});
  add_many(4);
  add(delayed(10));
  add(ranked(1));
  add(ranked(1));
  raw({"ZADD", "bull:q:waiting-children", "1", "x", "2", "y"});
  set_meta("paused", "1");
  auto x = must(queue.counts());
  CAF_CHECK_EQUAL(x.waiting, 4u);
  CAF_CHECK_EQUAL(x.active, 1u);
  CAF_CHECK_EQUAL(x.delayed, 1u);
  CAF_CHECK_EQUAL(x.prioritized, 2u);
  CAF_CHECK_EQUAL(x.waiting_children, 2u);
  CAF_CHECK_EQUAL(x.completed, 3u);
  CAF_CHECK_EQUAL(x.failed, 2u);
  CAF_CHECK(x.paused);
}

CAF_TEST(counts that Redis refuses are no zeros) {
  redis_server locked({"--requirepass", "secret"});
  job_queue outside{locked.settings(), settings};
  auto why = refused(outside.counts());
  CAF_CHECK(why.code == ec::redis_refused);
  CAF_CHECK(has(why.context, "NOAUTH"));
}

CAF_TEST(waiting jobs are listed in the order they will run) {
  add_many(5);
  add(lifo());
  CAF_CHECK_EQUAL(page("waiting"), (strings{"6", "1", "2", "3", "4", "5"}));
  CAF_CHECK_EQUAL(page("waiting", 0, 2), (strings{"6", "1"}));
  CAF_CHECK_EQUAL(page("waiting", 4, 2), (strings{"4", "5"}));
  CAF_CHECK_EQUAL(page("waiting", 5, 2), strings{"5"});
  CAF_CHECK(page("waiting", 6, 2).empty());
  CAF_CHECK(page("waiting", 100, 20).empty());
  CAF_CHECK(page("waiting", 0, 0).empty());
}

CAF_TEST(prioritised and delayed jobs are listed in the order they will run) {
  add(ranked(9));
  add(ranked(1));
  add(delayed(90));
  add(delayed(10));
  CAF_CHECK_EQUAL(page("prioritized"), (strings{"2", "1"}));
  CAF_CHECK_EQUAL(page("delayed"), (strings{"4", "3"}));
  CAF_CHECK_EQUAL(page("delayed", 1, 5), strings{"3"});
}

CAF_TEST(finished jobs are listed newest first) {
  for (const auto& x : started_many(3)) {
    settle(completed(x));
    ++now;
  }
  CAF_CHECK_EQUAL(page("completed"), (strings{"3", "2", "1"}));
  CAF_CHECK_EQUAL(page("completed", 1, 1), strings{"2"});
  CAF_CHECK(page("failed").empty());
}

CAF_TEST(active jobs and parents are listed) {
  started_many(2);
  raw({"ZADD", "bull:q:waiting-children", "1", "x"});
  CAF_CHECK_EQUAL(page("active"), (strings{"2", "1"}));
  CAF_CHECK_EQUAL(page("waiting-children"), strings{"x"});
}

CAF_TEST(a listed job shows its fields as they are stored) {
  add(plain());
  auto x = must(queue.list("waiting", 0, 1)).at(0);
  strings names;
  for (const auto& [name, value] : x.fields)
    names.push_back(name + "=" + value);
  CAF_CHECK_EQUAL(names, (strings{"name=echo", R"(data={"n":1})",
                                  R"(opts={"attempts":3})", "timestamp=" + time,
                                  "delay=0", "priority=0"}));
}

CAF_TEST(an id without a hash is listed without fields) {
  raw({"LPUSH", "bull:q:wait", "ghost"});
  auto all = must(queue.list("waiting", 0, 10));
  CAF_REQUIRE_EQUAL(all.size(), 1u);
  CAF_CHECK_EQUAL(all[0].id, "ghost");
  CAF_CHECK(all[0].fields.empty());
}

CAF_TEST(an unknown state is refused with those that are known) {
  auto why = refused(queue.list("paused", 0, 1));
  CAF_CHECK(why.code == ec::bad_input);
  CAF_CHECK(has(why.context, "'paused'"));
  CAF_CHECK(has(why.context, "waiting-children"));
}

CAF_TEST(one field of a job is read by its name) {
  add(plain());
  CAF_CHECK_EQUAL(must(queue.field("1", "name")), "echo");
  CAF_CHECK_EQUAL(must(queue.field("1", "nothing")), "");
  CAF_CHECK_EQUAL(must(queue.field("2", "name")), "");
}

CAF_TEST_FIXTURE_SCOPE_END()
