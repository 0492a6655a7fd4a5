#define CAF_SUITE scheduler_book

#include "services/redis/scheduler_book.hpp"
#include "tests/support/admin_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : admin_fixture {
  fixture() : book(test::shared_redis().settings(), settings) {
    hourly.id = "hourly";
    hourly.pattern = "0 * * * *";
    hourly.tz = "UTC";
    hourly.name = "echo";
    often.id = "often";
    often.every = 60000;
    often.name = "echo";
  }

  scheduled_job put(const job_schedule& what) {
    return must(book.put(what, false, "{}", now));
  }

  listed_scheduler only() {
    auto page = must(book.list(0, 10));
    CAF_REQUIRE_EQUAL(page.schedulers.size(), 1u);
    return page.schedulers[0];
  }

  scheduler_book book;
  job_schedule hourly, often;
};

constexpr int64_t hour = 3600000;

} // namespace

CAF_TEST_FIXTURE_SCOPE(scheduler_book_tests, fixture)

CAF_TEST(a pattern has its first job at its next match) {
  hourly.data = R"({"a":1})";
  hourly.limit = 3;
  auto job = put(hourly);
  auto due = (now / hour + 1) * hour;
  CAF_CHECK_EQUAL(job.due, due);
  CAF_CHECK_EQUAL(job.id, "repeat:hourly:" + std::to_string(due));
  auto listed = only();
  CAF_CHECK_EQUAL(listed.schedule.pattern, "0 * * * *");
  CAF_CHECK_EQUAL(listed.schedule.data, R"({"a":1})");
  CAF_CHECK_EQUAL(listed.made, 1);
  CAF_CHECK(next_runs(listed, 5)
            == (std::vector<int64_t>{due, due + hour, due + 2 * hour}));
  now = due;
  CAF_CHECK_EQUAL(claim(), strings{job.id});
  CAF_CHECK_EQUAL(only().made, 2);
  CAF_CHECK_EQUAL(only().next, due + hour);
}

CAF_TEST(an interval has its first job at once and goes on) {
  auto job = put(often);
  CAF_CHECK_EQUAL(job.due, now);
  CAF_CHECK_EQUAL(claim(), strings{job.id});
  CAF_CHECK_EQUAL(only().next, now + 60000);
  now += 60000;
  CAF_CHECK_EQUAL(claim().size(), 1u);
}

CAF_TEST(a changed scheduler replaces the job that waits) {
  auto first = put(hourly);
  hourly.name = "other";
  hourly.pattern = "30 * * * *";
  auto second = put(hourly);
  CAF_CHECK(first.id != second.id);
  CAF_CHECK(!admin.find(first.id));
  auto job = must(admin.find(second.id));
  CAF_CHECK_EQUAL(field_of(job, "name"), "other");
  CAF_CHECK_EQUAL(must(queue.counts()).delayed, 1u);
  CAF_CHECK_EQUAL(only().made, 1);
}

CAF_TEST(an interval that stays keeps its time and another begins anew) {
  put(often);
  claim();
  now += 1000;
  auto same = put(often);
  CAF_CHECK_EQUAL(same.due, now - 1000 + 60000);
  often.every = 5000;
  CAF_CHECK_EQUAL(put(often).due, now);
}

CAF_TEST(a removed scheduler leaves no job that waits) {
  put(hourly);
  must(book.remove("hourly", now));
  CAF_CHECK_EQUAL(must(book.list(0, 10)).total, 0u);
  CAF_CHECK_EQUAL(must(queue.counts()).delayed, 0u);
  CAF_CHECK(refused(book.remove("hourly", now)).code == ec::not_found);
}

CAF_TEST(a schedule that has no job is refused and changes nothing) {
  auto wrong = [&](auto change) {
    auto x = hourly;
    change(x);
    CAF_CHECK(refused(book.put(x, false, "{}", now)).code == ec::bad_input);
  };
  wrong([](auto& x) { x.every = 1000; });
  wrong([](auto& x) { x.pattern = "61 * * * *"; });
  wrong([](auto& x) { x.pattern.clear(); });
  wrong([](auto& x) { x.tz = "Mars/Olympus"; });
  wrong([&](auto& x) { x.end = now - 1; });
  wrong([&](auto& x) { x.end = now + 1; });
  wrong([](auto& x) { x.pattern.clear(), x.every = 5; });
  CAF_CHECK_EQUAL(must(book.list(0, 10)).total, 0u);
}

CAF_TEST(jobs of the next times are walked around or told) {
  auto first = put(often);
  claim();
  must(book.remove("often", now)); // the job runs on
  auto again = put(often);
  CAF_CHECK_EQUAL(again.due, first.due + 60000);
  must(book.remove("often", now));
  for (auto i = 0; i < 40; ++i) {
    auto x = plain();
    x.id = "repeat:often:" + std::to_string(now + i * 60000);
    add(x);
  }
  CAF_CHECK(refused(book.put(often, false, "{}", now)).code == ec::conflict);
}

CAF_TEST_FIXTURE_SCOPE_END()
