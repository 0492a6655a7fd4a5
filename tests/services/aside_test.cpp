/// Jobs that no free slot takes: set aside, and taken when there is one.
#define CAF_SUITE aside

#include "services/redis/explain_text.hpp"
#include "services/redis/queue_admin.hpp"
#include "tests/support/queue_fixture.hpp"

#include <nlohmann/json.hpp>

using namespace darkroom;

namespace {

struct fixture : queue_fixture {
  std::vector<slot_group> groups{{9, {"echo"}}};

  fixture() {
    queue_context context;
    context.unknown_wait = true;
    waiting.emplace(other(context));
  }

  static new_job of(const std::string& name, uint32_t priority = 0) {
    auto x = ranked(priority);
    x.name = name;
    return x;
  }

  store_reply take(uint32_t count) {
    return must(waiting->step({{}, {}, count, "t:1", groups}, now));
  }

  strings taken(uint32_t count) {
    return ids(take(count).jobs);
  }

  std::string waits_for(const std::string& name) {
    for (const auto& x : must(waiting->count_aside(now)))
      if (x.job_name == name)
        return std::to_string(x.jobs);
    return "0";
  }

  std::optional<job_queue> waiting; ///< lets jobs wait that no node runs
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(aside_tests, fixture)

CAF_TEST(a job that no node runs waits and holds up nobody) {
  add(of("other"));
  add(of("echo"));
  auto reply = take(5);
  CAF_CHECK_EQUAL(ids(reply.jobs), strings{"2"});
  CAF_CHECK_EQUAL(reply.set_aside, strings{"other"});
  CAF_CHECK_EQUAL(reply.next_due, now + 60000 + 1000); // others go first
  auto counts = must(queue.counts());
  CAF_CHECK_EQUAL(counts.delayed, 1u);
  CAF_CHECK_EQUAL(counts.active, 1u);
  CAF_CHECK_EQUAL(waits_for("other"), "1");
}

CAF_TEST(it starts as soon as a node runs it and not before) {
  add(of("other"));
  take(5);
  now += 59999;
  CAF_CHECK(taken(5).empty());
  groups.push_back({1, {"other"}});
  CAF_CHECK_EQUAL(taken(5), strings{"1"});
  CAF_CHECK_EQUAL(waits_for("other"), "0");
  CAF_CHECK_EQUAL(field("1", "ats"), "1");
  CAF_CHECK_EQUAL(field("1", "atm"), "(nil)");
}

CAF_TEST(jobs that were set aside go in their order and by priority) {
  add(of("other", 2));
  add(of("other"));
  add(of("other"));
  add(of("other", 1));
  take(5);
  groups = {{3, {"other"}}};
  CAF_CHECK_EQUAL(taken(3), (strings{"2", "3", "4"}));
  CAF_CHECK_EQUAL(taken(1), strings{"1"});
}

CAF_TEST(a job whose node has no free slot is set aside as well) {
  add(of("other"));
  groups.push_back({0, {"other"}});
  auto reply = take(5);
  CAF_CHECK(reply.jobs.empty());
  CAF_CHECK_EQUAL(reply.set_aside, strings{"other"});
  CAF_CHECK_EQUAL(waits_for("other"), "1");
}

CAF_TEST(no more jobs of a kind are taken than there are slots for it) {
  for (int i = 0; i < 3; ++i) {
    add(of("other"));
    add(of("echo"));
  }
  groups = {{1, {"other"}}, {2, {"echo"}}};
  CAF_CHECK_EQUAL(taken(3), (strings{"1", "2", "4"}));
  CAF_CHECK_EQUAL(waits_for("other"), "1");
  CAF_CHECK_EQUAL(must(queue.counts()).waiting, 2u);
}

CAF_TEST(a job that waits so is offered to other workers when it is due) {
  add(of("other"));
  take(5);
  now += 60000;
  CAF_CHECK_EQUAL(claim(), strings{"1"}); // one that takes anything
  CAF_CHECK_EQUAL(waits_for("other"), "0");
}

CAF_TEST(a job that is set aside again keeps its place) {
  add(of("other"));
  take(5);
  now += 60000;
  take(5);
  add(of("other"));
  take(5);
  groups = {{2, {"other"}}};
  CAF_CHECK_EQUAL(taken(2), (strings{"1", "2"}));
}

CAF_TEST(a job that was removed or promoted does not wait any more) {
  queue_admin admin{test::shared_redis().settings(), settings};
  add(of("other"));
  add(of("other"));
  take(5);
  must(admin.remove("1", now));
  must(admin.promote("2", now));
  CAF_CHECK_EQUAL(waits_for("other"), "0");
  CAF_CHECK_EQUAL(claim(), strings{"2"});
}

CAF_TEST(a job that must fail anyway goes to any slot) {
  add(of("other"));
  raw({"HSET", P + "1", "defa", "its child failed"});
  CAF_CHECK_EQUAL(taken(1), strings{"1"});
}

CAF_TEST(where unknown jobs fail they go to any slot) {
  add(of("other"));
  auto failing = other(queue_context{});
  groups = {{0, {"echo"}}, {1, {"sleep"}}};
  auto reply = must(failing.step({{}, {}, 1, "t:1", groups}, now));
  CAF_CHECK_EQUAL(ids(reply.jobs), strings{"1"});
}

CAF_TEST(an explanation says what the job waits for) {
  add(of("other"));
  take(1);
  auto place = nlohmann::json::parse(must(queue.explain("1", now)));
  auto lines = explain_text("1", place, now);
  CAF_REQUIRE_EQUAL(lines.size(), 2u);
  CAF_CHECK_EQUAL(lines[0], "job 1 waits for a node that runs 'other'");
}

CAF_TEST(a hundred jobs are set aside a call) {
  for (int i = 0; i < 150; ++i)
    add(of("other"));
  add(of("echo"));
  CAF_CHECK(taken(5).empty());
  CAF_CHECK_EQUAL(taken(5), strings{"151"});
  CAF_CHECK_EQUAL(waits_for("other"), "150");
}

CAF_TEST_FIXTURE_SCOPE_END()
