#define CAF_SUITE metrics

#include "services/metrics/metrics.hpp"
#include "tests/support/test.hpp"

#include <thread>
#include <vector>

using namespace darkroom;

namespace {

bool has(const metrics& all, std::string_view line) {
  return all.text().find(line) != std::string::npos;
}

} // namespace

CAF_TEST(counters and gauges become text) {
  metrics all;
  all.describe("darkroom_jobs_total", "Jobs by outcome.");
  all.add("darkroom_jobs_total", {{"outcome", "completed"}});
  all.add("darkroom_jobs_total", {{"outcome", "completed"}}, 2);
  all.set("darkroom_slots", {{"node", "a\"b"}}, 5);
  CAF_CHECK(has(all, "# HELP darkroom_jobs_total Jobs by outcome.\n"));
  CAF_CHECK(has(all, "# TYPE darkroom_jobs_total counter\n"));
  CAF_CHECK(has(all, "darkroom_jobs_total{outcome=\"completed\"} 3\n"));
  CAF_CHECK(has(all, "darkroom_slots{node=\"a\\\"b\"} 5\n"));
}

CAF_TEST(a counter kept elsewhere only rises) {
  metrics all;
  all.add_up_to("events_total", {}, 7);
  all.add_up_to("events_total", {}, 5);
  all.add_up_to("events_total", {}, 9);
  CAF_CHECK(has(all, "events_total 9\n"));
}

CAF_TEST(a bad name or another kind changes nothing) {
  metrics all;
  all.add("jobs_total");
  all.set("jobs_total", {}, 7);
  all.add("not a name");
  CAF_CHECK(has(all, "jobs_total 1\n"));
  CAF_CHECK(!has(all, "not a name"));
}

CAF_TEST(threads count together) {
  metrics all;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&all] {
      for (int k = 0; k < 1000; ++k)
        all.add("jobs_total", {{"node", std::to_string(k % 3)}});
    });
  for (auto& one : threads)
    one.join();
  CAF_CHECK(has(all, "jobs_total{node=\"0\"} 1336\n"));
}

CAF_TEST(series of what is gone can be taken away) {
  metrics all;
  all.set("darkroom_slots", {{"node", "a"}}, 5);
  all.set("darkroom_slots", {{"node", "b"}}, 6);
  all.add("darkroom_jobs_total", {{"node", "a"}});
  all.forget("node", "a");
  CAF_CHECK(!has(all, "node=\"a\""));
  CAF_CHECK(has(all, "darkroom_slots{node=\"b\"} 6\n"));
  all.set("darkroom_slots", {{"node", "a"}}, 7);
  CAF_CHECK(has(all, "darkroom_slots{node=\"a\"} 7\n"));
}
