#define CAF_SUITE metrics

#include "services/metrics/metrics.hpp"
#include "tests/support/test.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <thread>
#include <vector>

using namespace darkroom;

namespace {

bool has(const metrics& all, std::string_view line) {
  return all.text().find(line) != std::string::npos;
}

template <class Kind>
std::vector<metric_info> all_of() {
  std::vector<metric_info> out;
  for (auto i = 0; i < static_cast<int>(Kind::count_); ++i)
    out.push_back(info_of(static_cast<Kind>(i)));
  return out;
}

std::string operations_page() {
  std::ifstream in{DARKROOM_SOURCE_DIR "/docs/operations.md"};
  return {std::istreambuf_iterator<char>{in}, {}};
}

} // namespace

CAF_TEST(counters and gauges become text with their help and unit) {
  metrics all;
  all.add(counter::jobs_settled, {{"outcome", "completed"}});
  all.add(counter::jobs_settled, {{"outcome", "completed"}}, 2);
  all.set(gauge::actor_age, {{"node", "a\"b"}, {"actor", "uplink"}}, 5);
  CAF_CHECK(has(all, "# HELP darkroom_jobs_settled_total Jobs whose run ended, "
                     "once Redis knew. Unit: jobs.\n"));
  CAF_CHECK(has(all, "# TYPE darkroom_jobs_settled_total counter\n"));
  CAF_CHECK(has(all, "darkroom_jobs_settled_total{outcome=\"completed\"} 3\n"));
  CAF_CHECK(has(all, "# TYPE darkroom_actor_age_seconds gauge\n"));
  CAF_CHECK(has(
    all, "darkroom_actor_age_seconds{actor=\"uplink\",node=\"a\\\"b\"} 5\n"));
}

CAF_TEST(counters without labels are there from the start) {
  metrics all;
  CAF_CHECK(has(all, "darkroom_webhooks_failed_total 0\n"));
  CAF_CHECK(!has(all, "darkroom_jobs_settled_total"));
  CAF_CHECK(!has(all, "darkroom_slots"));
}

CAF_TEST(a counter kept elsewhere only rises) {
  metrics all;
  all.add_up_to(counter::sse_events, {}, 7);
  all.add_up_to(counter::sse_events, {}, 5);
  CAF_CHECK(has(all, "darkroom_sse_events_total 7\n"));
  all.add_up_to(counter::sse_events, {}, 9);
  CAF_CHECK(has(all, "darkroom_sse_events_total 9\n"));
}

CAF_TEST(a malformed label changes nothing) {
  metrics all;
  all.add(counter::events_lost, {{"not a label", "x"}});
  CAF_CHECK(has(all, "darkroom_events_lost_total 0\n"));
  CAF_CHECK(!has(all, "not a label"));
}

CAF_TEST(who has no registry counts nothing) {
  count(nullptr, counter::events_lost);
  auto all = std::make_shared<metrics>();
  count(all, counter::events_lost);
  count(all, counter::events_lost, {}, 2);
  CAF_CHECK(has(*all, "darkroom_events_lost_total 3\n"));
}

CAF_TEST(threads count together while the text is read) {
  metrics all;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&all] {
      for (int k = 0; k < 1000; ++k)
        all.add(counter::jobs_settled, {{"outcome", std::to_string(k % 3)}});
    });
  for (int k = 0; k < 20; ++k)
    CAF_CHECK(has(all, "darkroom_sse_events_total"));
  for (auto& one : threads)
    one.join();
  CAF_CHECK(has(all, "darkroom_jobs_settled_total{outcome=\"0\"} 1336\n"));
}

CAF_TEST(series of what is gone can be taken away) {
  metrics all;
  all.set(gauge::node_clock_skew, {{"node", "a"}}, 5);
  all.set(gauge::node_clock_skew, {{"node", "b"}}, 6);
  all.add(counter::actor_restarts, {{"node", "a"}, {"actor", "uplink"}});
  all.forget("node", "a");
  CAF_CHECK(!has(all, "node=\"a\""));
  CAF_CHECK(has(all, "darkroom_node_clock_skew_seconds{node=\"b\"} 6\n"));
  all.set(gauge::node_clock_skew, {{"node", "a"}}, 7);
  CAF_CHECK(has(all, "darkroom_node_clock_skew_seconds{node=\"a\"} 7\n"));
}

CAF_TEST(each metric has a name that says its kind and its unit) {
  std::set<std::string> names;
  for (const auto& x : all_of<counter>()) {
    CAF_MESSAGE(x.name);
    CAF_CHECK(std::string_view{x.name}.ends_with("_total"));
    names.insert(x.name);
  }
  for (const auto& x : all_of<gauge>()) {
    CAF_MESSAGE(x.name);
    CAF_CHECK(!std::string_view{x.name}.ends_with("_total"));
    CAF_CHECK_EQUAL(std::string_view{x.name}.ends_with("_seconds"),
                    std::string_view{x.unit} == "seconds");
    names.insert(x.name);
  }
  for (const auto& x : all_of<histogram>()) {
    CAF_MESSAGE(x.name);
    CAF_CHECK(std::string_view{x.name}.ends_with("_seconds"));
    names.insert(x.name);
  }
  auto count = all_of<counter>().size() + all_of<gauge>().size()
               + all_of<histogram>().size();
  CAF_CHECK_EQUAL(names.size(), count);
}

CAF_TEST(each metric has help and a unit and a row in the operations page) {
  auto page = operations_page();
  auto all = all_of<counter>();
  for (const auto& x : all_of<gauge>())
    all.push_back(x);
  for (const auto& x : all_of<histogram>())
    all.push_back(x);
  for (const auto& x : all) {
    CAF_MESSAGE(x.name);
    CAF_CHECK(std::string_view{x.help}.ends_with("."));
    CAF_CHECK(*x.unit != '\0');
    CAF_CHECK(page.find("| `" + std::string{x.name} + "`")
              != std::string::npos);
  }
}

CAF_TEST(labels that strangers choose have few values and are printable) {
  metrics all;
  CAF_CHECK_EQUAL(all.bounded("name", "echo"), "echo");
  for (size_t i = 1; i < metrics::most_values; ++i)
    CAF_CHECK_EQUAL(all.bounded("name", std::to_string(i)), std::to_string(i));
  CAF_CHECK_EQUAL(all.bounded("name", "one more"), "other");
  CAF_CHECK_EQUAL(all.bounded("name", "echo"), "echo");
  CAF_CHECK_EQUAL(all.bounded("queue", "one more"), "one more");
  CAF_CHECK_EQUAL(all.bounded("queue", "a\nb\xff"), "a\\nb\\xff");
  CAF_CHECK(all.bounded("queue", std::string(1000, 'x')).size() <= 100);
}

CAF_TEST(a copied counter may begin again) {
  metrics all;
  metrics::labels where{{"queue", "q"}};
  all.copy(counter::bullmq_failed, where, 7);
  all.copy(counter::bullmq_failed, where, 9);
  CAF_CHECK(has(all, "bullmq_job_failed_total{queue=\"q\"} 9\n"));
  all.copy(counter::bullmq_failed, where, 2);
  CAF_CHECK(has(all, "bullmq_job_failed_total{queue=\"q\"} 2\n"));
}

CAF_TEST(every histogram has buckets that rise) {
  for (auto i = 0; i < static_cast<int>(histogram::count_); ++i) {
    auto buckets = buckets_of(static_cast<histogram>(i));
    CAF_CHECK(buckets.size() > 5 && buckets.size() < 15);
    CAF_CHECK(std::is_sorted(buckets.begin(), buckets.end()));
  }
}
