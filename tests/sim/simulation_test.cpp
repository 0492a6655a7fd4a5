// Whole plays of `darkroom sim`. tests/sim/run plays more of them, and shows
// that they find what they must.
#define CAF_SUITE simulation

#include "sim/seed_runner.hpp"
#include "tests/support/must.hpp"
#include "tests/support/test.hpp"

#include <map>

using namespace darkroom;

namespace {

using reports = std::map<uint64_t, sim::simulation_report>; // by seed

reports play(uint64_t first, uint64_t count) {
  sim::simulation_options each;
  reports out;
  auto played = sim::play_seeds({first, count, 2}, each,
                                [&](const sim::simulation_report& x) {
                                  out[x.seed] = x;
                                });
  if (!played)
    CAF_FAIL(played.error().context);
  return out;
}

} // namespace

CAF_TEST(what must hold holds) {
  for (const auto& [seed, x] : play(1, 20)) {
    CAF_CHECK_EQUAL(x.violation, "");
    CAF_CHECK_GREATER(x.steps, 1000u);
    CAF_CHECK_GREATER_OR_EQUAL(x.jobs, 60u);
  }
}

CAF_TEST(a seed has one trace and another seed another) {
  auto once = play(7, 4);
  auto again = play(7, 4);
  for (const auto& [seed, x] : once) {
    CAF_CHECK_EQUAL(x.hash, again[seed].hash);
    CAF_CHECK_EQUAL(x.steps, again[seed].steps);
  }
  CAF_CHECK_NOT_EQUAL(once[7].hash, once[8].hash);
}

CAF_TEST(a bug has the name that finds it) {
  for (const auto& bug : sim::all_bugs())
    CAF_CHECK(sim::find_bug(bug.name) == bug.value);
  CAF_CHECK(!sim::find_bug("none"));
}
