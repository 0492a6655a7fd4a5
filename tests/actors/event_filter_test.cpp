#define CAF_SUITE event_filter

#include "actors/event_filter.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

struct fixture {
  event_settings settings;
  event_filter filter{settings};

  static worker_event event(event_kind kind, const std::string& id = "1") {
    worker_event x;
    x.kind = kind;
    x.job_id = id;
    x.attempt = 1;
    return x;
  }

  size_t passed(const worker_event& x) {
    return filter.pass(x).size();
  }

  size_t progress(const std::string& value, int64_t at,
                  const std::string& id = "1") {
    auto x = event(event_kind::progress, id);
    x.progress = value;
    x.timestamp = at;
    return passed(x);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(event_filter_tests, fixture)

CAF_TEST(progress passes once more than an interval after the last) {
  CAF_CHECK_EQUAL(progress("1", 1000), 1u);
  CAF_CHECK_EQUAL(progress("2", 1499), 0u);
  CAF_CHECK_EQUAL(progress("2", 1500), 0u);
  CAF_CHECK_EQUAL(progress("2", 1501), 1u);
  CAF_CHECK_EQUAL(progress("3", 2001), 0u);
  CAF_CHECK_EQUAL(progress("3", 2002), 1u);
}

CAF_TEST(what is held back does not move the interval) {
  CAF_CHECK_EQUAL(progress("1", 0), 1u);
  CAF_CHECK_EQUAL(progress("2", 400), 0u);
  CAF_CHECK_EQUAL(progress("3", 501), 1u);
}

CAF_TEST(milestones always pass) {
  CAF_CHECK_EQUAL(progress("5", 0), 1u);
  for (const char* milestone : {"10", "50", "90", "100"})
    CAF_CHECK_EQUAL(progress(milestone, 1), 1u);
  for (const char* other : {"9", "11", "49", "51", "89", "91", "99", "{}"})
    CAF_CHECK_EQUAL(progress(other, 1), 0u);
}

CAF_TEST(a milestone starts a new interval) {
  CAF_CHECK_EQUAL(progress("1", 0), 1u);
  CAF_CHECK_EQUAL(progress("10", 300), 1u);
  CAF_CHECK_EQUAL(progress("11", 800), 0u);
  CAF_CHECK_EQUAL(progress("11", 801), 1u);
}

CAF_TEST(jobs do not throttle each other) {
  CAF_CHECK_EQUAL(progress("1", 0, "a"), 1u);
  CAF_CHECK_EQUAL(progress("1", 0, "b"), 1u);
  CAF_CHECK_EQUAL(progress("2", 1, "a"), 0u);
}

CAF_TEST(the end of an attempt forgets its progress) {
  for (auto end : {event_kind::completed, event_kind::failed}) {
    CAF_CHECK_EQUAL(progress("1", 0), 1u);
    CAF_CHECK_EQUAL(passed(event(end)), 1u);
    CAF_CHECK_EQUAL(progress("2", 1), 1u);
    CAF_CHECK_EQUAL(passed(event(end)), 1u);
  }
}

CAF_TEST(a job is announced once) {
  CAF_CHECK_EQUAL(passed(event(event_kind::queued)), 1u);
  CAF_CHECK_EQUAL(passed(event(event_kind::queued)), 0u);
  CAF_CHECK_EQUAL(passed(event(event_kind::queued, "2")), 1u);
}

CAF_TEST(a job is announced before it is active) {
  auto out = filter.pass(event(event_kind::active));
  CAF_REQUIRE_EQUAL(out.size(), 2u);
  CAF_CHECK(out[0].kind == event_kind::queued);
  CAF_CHECK_EQUAL(out[0].job_id, "1");
  CAF_CHECK(out[1].kind == event_kind::active);
  CAF_CHECK_EQUAL(passed(event(event_kind::queued)), 0u);
}

CAF_TEST(a job that was announced is only active) {
  CAF_CHECK_EQUAL(passed(event(event_kind::queued)), 1u);
  CAF_CHECK_EQUAL(passed(event(event_kind::active)), 1u);
}

CAF_TEST(a second attempt is not announced) {
  auto x = event(event_kind::active);
  x.attempt = 2;
  CAF_CHECK_EQUAL(passed(x), 1u);
}

CAF_TEST(nothing is announced where the web tier does it) {
  settings.publish_queued = false;
  filter = event_filter{settings};
  CAF_CHECK_EQUAL(passed(event(event_kind::queued)), 0u);
  CAF_CHECK_EQUAL(passed(event(event_kind::active)), 1u);
}

CAF_TEST(the newest ten thousand names are remembered) {
  for (int i = 0; i < 10000; ++i)
    filter.pass(event(event_kind::queued, "job-" + std::to_string(i)));
  CAF_CHECK_EQUAL(passed(event(event_kind::queued, "job-0")), 0u);
  CAF_CHECK_EQUAL(passed(event(event_kind::queued, "job-10000")), 1u);
  CAF_CHECK_EQUAL(passed(event(event_kind::queued, "job-1")), 0u);
  CAF_CHECK_EQUAL(passed(event(event_kind::queued, "job-0")), 1u);
}

CAF_TEST(all numbered jobs of a long backlog are remembered) {
  for (int i = 1; i <= 50000; ++i)
    filter.pass(event(event_kind::queued, std::to_string(i)));
  for (const char* id : {"1", "30000", "50000"})
    CAF_CHECK_EQUAL(passed(event(event_kind::active, id)), 1u);
  CAF_CHECK_EQUAL(passed(event(event_kind::active, "50001")), 2u);
}

CAF_TEST(numbers that begin anew are announced again) {
  for (const char* id : {"1", "2", "3"})
    CAF_CHECK_EQUAL(passed(event(event_kind::queued, id)), 1u);
  CAF_CHECK_EQUAL(passed(event(event_kind::queued, "1")), 1u);
  CAF_CHECK_EQUAL(passed(event(event_kind::queued, "2")), 1u);
}

CAF_TEST(a number that the stream skipped is announced when active) {
  CAF_CHECK_EQUAL(passed(event(event_kind::queued, "1")), 1u);
  CAF_CHECK_EQUAL(passed(event(event_kind::queued, "4")), 1u);
  CAF_CHECK_EQUAL(passed(event(event_kind::active, "3")), 2u);
  CAF_CHECK_EQUAL(passed(event(event_kind::active, "4")), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
