#define CAF_SUITE job_update

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct job_update_fixture : queue_fixture {
  void progress(const std::string& id, const std::string& json) {
    must(queue.step({{{id, "t:1", false, json, 0}}, {}, 0, ""}, now));
  }

  void log(const std::string& id, const std::string& line, uint32_t keep = 0) {
    must(queue.step({{{id, "t:1", true, line, keep}}, {}, 0, ""}, now));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_update_tests, job_update_fixture)

CAF_TEST(progress is stored and told as it was written) {
  started();
  progress("1", R"({"percent":40,"note":"\ud83d"})");
  CAF_CHECK_EQUAL(field("1", "progress"), R"({"percent":40,"note":"\ud83d"})");
  CAF_CHECK_EQUAL(
    events(),
    strings{R"(progress jobId=1 data={"percent":40,"note":"\ud83d"})"});
}

CAF_TEST(the progress of a removed job goes nowhere) {
  progress("9", "40");
  CAF_CHECK(!exists("9"));
  CAF_CHECK(events().empty());
}

CAF_TEST(log lines are kept in order) {
  started();
  log("1", "first");
  log("1", "second");
  CAF_CHECK_EQUAL(list("1:logs"), (strings{"first", "second"}));
}

CAF_TEST(the newest log lines are kept) {
  started();
  for (auto line : {"a", "b", "c"})
    log("1", line, 2);
  CAF_CHECK_EQUAL(list("1:logs"), (strings{"b", "c"}));
}

CAF_TEST(a log line of a removed job goes nowhere) {
  log("9", "line");
  CAF_CHECK(!exists("9:logs"));
}

CAF_TEST(updates are written before the job is settled) {
  auto x = started();
  must(queue.step({{{"1", "t:1", false, "100", 0}, {"1", "t:1", true, "l", 0}},
                   {completed(x)},
                   0,
                   ""},
                  now));
  CAF_CHECK_EQUAL(field("1", "progress"), "100");
  CAF_CHECK_EQUAL(list("1:logs"), strings{"l"});
  auto told = events();
  CAF_CHECK_EQUAL(nth(told, 0), "progress jobId=1 data=100");
  CAF_CHECK_EQUAL(nth(told, 1), "completed jobId=1 returnvalue=7 prev=active");
}

CAF_TEST_FIXTURE_SCOPE_END()
