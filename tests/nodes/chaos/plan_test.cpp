#define CAF_SUITE chaos_plan

#include "nodes/chaos/plan.hpp"
#include "tests/support/must.hpp"

#include <algorithm>
#include <set>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

chaos_fleet three_workers() {
  chaos_fleet out;
  out.main_actors = {"dispatcher", "catalog"};
  for (const char* name : {"w-1", "w-2", "w-3"})
    out.workers.push_back({name, {"processor_pool", "uplink"}, true});
  return out;
}

plan_options all_of(const std::string& harms, uint64_t seed = 7) {
  plan_options out;
  out.seed = seed;
  out.duration = 600s;
  out.harms = must(parse_harms(harms));
  return out;
}

const char* const everything = "kill-actor,kill-worker,freeze-worker,"
                               "cut-worker,kill-clients,stop-redis";

/// Most targets that are away at once, by the steps alone.
size_t most_away(const std::vector<plan_step>& steps, bool with_redis) {
  size_t most = 0;
  for (const auto& now : steps)
    most = std::max(
      most, static_cast<size_t>(
              std::count_if(steps.begin(), steps.end(), [&](const auto& x) {
                auto is_away = x.kind != harm::kill_actor
                               && x.kind != harm::kill_clients
                               && (with_redis || x.node != redis_target);
                auto back = x.node == redis_target ? 0ms : return_time;
                return is_away && x.at <= now.at
                       && now.at < x.at + x.away + back;
              })));
  return most;
}

} // namespace

CAF_TEST(the same seed and fleet give the same plan in any order) {
  auto fleet = three_workers();
  auto plan = plan_chaos(fleet, all_of(everything));
  std::reverse(fleet.workers.begin(), fleet.workers.end());
  std::reverse(fleet.main_actors.begin(), fleet.main_actors.end());
  CAF_CHECK(plan == plan_chaos(fleet, all_of(everything)));
  CAF_CHECK(plan != plan_chaos(fleet, all_of(everything, 8)));
}

CAF_TEST(a plan is the same on every machine) {
  auto steps = plan_chaos(three_workers(), all_of(everything, 1));
  std::string first;
  for (size_t i = 0; i < 4; ++i)
    first += to_string(steps.at(i)) + "; ";
  CAF_CHECK_EQUAL(first, "freeze-worker w-1 for 4s; kill-actor main/catalog; "
                         "kill-actor w-2/uplink; kill-actor w-2/uplink; ");
}

CAF_TEST(every action and every target has its turn) {
  std::set<std::string> seen;
  for (const auto& x : plan_chaos(three_workers(), all_of(everything)))
    seen.insert(std::string{to_string(x.kind)} + " " + x.node + "/" + x.actor);
  CAF_CHECK_EQUAL(seen.size(), 2u + 3 * 2 + 3 * 3 + 2);
  CAF_CHECK_EQUAL(seen.count("kill-actor main/dispatcher"), 1u);
  CAF_CHECK_EQUAL(seen.count("stop-redis redis/"), 1u);
}

CAF_TEST(no more targets are away than the blast radius allows) {
  auto options = all_of("kill-worker,freeze-worker,cut-worker,stop-redis");
  for (uint32_t radius : {1u, 2u}) {
    options.blast_radius = radius;
    auto steps = plan_chaos(three_workers(), options);
    CAF_CHECK_EQUAL(most_away(steps, true), radius);
  }
}

CAF_TEST(the last worker is spared) {
  auto options = all_of("kill-worker,freeze-worker,cut-worker");
  options.blast_radius = 9;
  CAF_CHECK_EQUAL(most_away(plan_chaos(three_workers(), options), false), 2u);
  chaos_fleet alone;
  alone.workers = {{"w-1", {}, true}};
  CAF_CHECK(plan_chaos(alone, options).empty());
  alone.bystanders = 1;
  CAF_CHECK(!plan_chaos(alone, options).empty());
}

CAF_TEST(only a process that can be reached is signalled) {
  auto fleet = three_workers();
  fleet.workers[0].is_reachable = fleet.workers[2].is_reachable = false;
  for (const auto& x : plan_chaos(fleet, all_of("kill-worker,freeze-worker")))
    CAF_CHECK_EQUAL(x.node, "w-2");
  fleet.workers[1].is_reachable = false;
  CAF_CHECK(plan_chaos(fleet, all_of("kill-worker,freeze-worker")).empty());
  CAF_CHECK(!plan_chaos(fleet, all_of("cut-worker")).empty());
}

CAF_TEST(actions come at their times until the end) {
  auto options = all_of("kill-actor");
  options.duration = 3s;
  auto steps = plan_chaos(three_workers(), options);
  CAF_REQUIRE_EQUAL(steps.size(), 3u);
  CAF_CHECK(steps[0].at == 1s);
  CAF_CHECK(steps[2].at == 3s);
  options.duration = 2999ms;
  CAF_CHECK_EQUAL(plan_chaos(three_workers(), options).size(), 2u);
}

CAF_TEST(actions are read from a list and what is none is named) {
  auto harms = must(parse_harms("cut-worker,kill-actor,cut-worker"));
  CAF_CHECK(harms == (std::vector<harm>{harm::kill_actor, harm::cut_worker}));
  for (const char* bad : {"", "kill-all", "kill-actor, cut-worker"})
    CAF_CHECK(!parse_harms(bad));
  CAF_CHECK_EQUAL(parse_harms("kill-all").error().context.substr(0, 32),
                  "'kill-all' is not a known action");
}
