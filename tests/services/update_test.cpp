#define CAF_SUITE update

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_fixture.hpp"

using namespace darkroom;

namespace {

struct fixture : queue_fixture {
  /// How often Redis has read from a client since the last look, which itself
  /// is one of the reads.
  int64_t reads() {
    auto text = one({"INFO", "stats"});
    auto at = text.find("total_reads_processed:");
    CAF_REQUIRE(at != std::string::npos);
    auto all = std::stoll(text.substr(at + 22));
    return all - std::exchange(reads_, all) - 1;
  }

  /// How many scripts Redis has run.
  int64_t scripts() {
    auto text = one({"INFO", "commandstats"});
    std::string_view name = "cmdstat_evalsha:calls=";
    auto at = text.find(name);
    CAF_REQUIRE(at != std::string::npos);
    return std::stoll(text.substr(at + name.size()));
  }

  static std::vector<job_update> lines(const job& x, size_t count,
                                       const std::string& text = "line ",
                                       uint32_t keep = 0) {
    std::vector<job_update> out;
    for (size_t i = 0; i < count; ++i)
      out.push_back({x.id, x.token, true, text + std::to_string(i), keep});
    return out;
  }

  /// Writes these and settles the job. @returns the round trips
  int64_t trips(const job& x, std::vector<job_update> updates) {
    must(queue.step({{}, {}, 0, "t"}, now)); // is connected, has the script
    must(queue.step({lines(x, 1), {}, 0, "t"}, now));
    raw({"DEL", P + x.id + ":logs"});
    reads();
    auto reply
      = must(queue.step({std::move(updates), {completed(x)}, 0, "t"}, now));
    auto out = reads();
    CAF_CHECK_EQUAL(reply.statuses, std::vector<uint8_t>{0});
    return out;
  }

  int64_t reads_ = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(update_tests, fixture)

CAF_TEST(300 log lines of a job and its end are one round trip) {
  auto x = started();
  CAF_CHECK_EQUAL(trips(x, lines(x, 300)), 1);
  auto kept = list("1:logs");
  CAF_REQUIRE_EQUAL(kept.size(), 300u);
  CAF_CHECK_EQUAL(kept.front(), "line 0");
  CAF_CHECK_EQUAL(kept.back(), "line 299");
}

CAF_TEST(a thousand updates are one round trip and one more is a second) {
  auto x = started_many(3);
  CAF_CHECK_EQUAL(trips(x[0], lines(x[0], 999)), 1);
  CAF_CHECK_EQUAL(trips(x[1], lines(x[1], 1000)), 1);
  CAF_CHECK_EQUAL(trips(x[2], lines(x[2], 1001)), 2);
  CAF_CHECK_EQUAL(list("3:logs").size(), 1001u);
  CAF_CHECK_EQUAL(nth(list("3:logs"), 1000), "line 1000");
}

CAF_TEST(updates of more than a megabyte take several scripts) {
  auto x = started();
  std::string half((1 << 19) - 6, 'x'); // and a digit
  must(queue.step({lines(x, 1), {}, 0, "t"}, now));
  auto before = scripts();
  must(queue.step({lines(x, 2, half), {}, 0, "t"}, now));
  CAF_CHECK_EQUAL(scripts() - before, 1);
  must(queue.step({lines(x, 3, half), {}, 0, "t"}, now));
  CAF_CHECK_EQUAL(scripts() - before, 3);
  CAF_CHECK_EQUAL(list("1:logs").size(), 6u);
}

CAF_TEST(updates are told in their order and before the end of their job) {
  auto x = started();
  auto progress = [&](const char* value) {
    return job_update{x.id, x.token, false, value, 0};
  };
  must(queue.step({{progress("10"), progress("20")}, {completed(x)}, 0, "t"},
                  now));
  CAF_CHECK_EQUAL(events(), (strings{"progress jobId=1 data=10",
                                     "progress jobId=1 data=20",
                                     "completed jobId=1 returnvalue=7 "
                                     "prev=active",
                                     "drained"}));
  CAF_CHECK_EQUAL(field("1", "progress"), "20");
}

CAF_TEST(the newest log lines are kept) {
  auto x = started();
  must(queue.step({lines(x, 5, "line ", 3), {}, 0, "t"}, now));
  CAF_CHECK_EQUAL(list("1:logs"), (strings{"line 2", "line 3", "line 4"}));
}

CAF_TEST(an update of a job that is gone hinders nobody) {
  auto x = started();
  auto gone = x;
  gone.id = "9";
  auto all = lines(gone, 1);
  all.push_back({"meta:", x.token, false, "1", 0});
  all.push_back({"active", x.token, false, "1", 0}); // a list, no job
  all.push_back({x.id, x.token, true, "mine", 0});
  must(queue.step({all, {completed(x)}, 0, "t"}, now));
  CAF_CHECK(!exists("9:logs"));
  CAF_CHECK_EQUAL(list("1:logs"), strings{"mine"});
  CAF_CHECK(exists("completed"));
}

CAF_TEST(a log that is no list hinders nobody) {
  auto jobs = started_many(2);
  raw({"SET", P + "1:logs", "mine"});
  auto updates = lines(jobs[0], 1);
  updates.push_back(lines(jobs[1], 1)[0]);
  auto reply = must(queue.step(
    {updates, {completed(jobs[0]), completed(jobs[1])}, 0, "t"}, now));
  CAF_CHECK_EQUAL(reply.statuses, (std::vector<uint8_t>{0, 0}));
  CAF_CHECK_EQUAL(one({"GET", P + "1:logs"}), "mine");
  CAF_CHECK_EQUAL(list("2:logs"), strings{"line 0"});
}

CAF_TEST_FIXTURE_SCOPE_END()
