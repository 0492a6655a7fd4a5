/// Claims and settlements whose scripts run and are answered at random times.
#define CAF_SUITE claim_budget_script

#include "tests/support/budget_fixture.hpp"

#include <algorithm>
#include <random>

using namespace darkroom;

namespace {

/// A queue whose scripts run at any time between their sending and their
/// answer, in any order.
struct script_fixture : budget_fixture {
  struct script {
    pending_claim asked;
    bool has_run = false;
  };

  std::mt19937 random{11};
  std::vector<script> scripts;
  uint32_t active = 0; ///< as Redis counts
  uint32_t most_active = 0;
  int last_id = 0;

  std::vector<std::string> keys(bool is_running) {
    std::vector<std::string> out;
    for (const auto& [key, x] : table.all())
      if (x.holds_slot == is_running)
        out.push_back(key);
    return out;
  }

  void end_one() {
    if (auto running = keys(true); !running.empty())
      table.free_slot(*table.find(running[random() % running.size()]));
  }

  void send_script() {
    auto unsent = static_cast<uint32_t>(keys(false).size());
    for (const auto& x : scripts)
      unsent -= x.asked.settles;
    auto settles = static_cast<uint32_t>(random() % (unsent + 1));
    scripts.push_back({open(budget.allowance(table, settles), settles)});
  }

  void run_script() {
    if (scripts.empty())
      return;
    auto& x = scripts[random() % scripts.size()];
    if (std::exchange(x.has_run, true))
      return;
    active = active - x.asked.settles + x.asked.wanted;
    most_active = std::max(most_active, active);
  }

  void answer_script() {
    auto found = std::find_if(scripts.begin(), scripts.end(),
                              [](const auto& x) { return x.has_run; });
    if (found == scripts.end())
      return;
    auto asked = found->asked;
    scripts.erase(found);
    budget.close(table, asked);
    auto ended = keys(false);
    for (uint32_t i = 0; i < asked.settles; ++i)
      table.erase(ended[i]);
    for (uint32_t i = 0; i < asked.wanted; ++i)
      run(std::to_string(++last_id));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(claim_budget_script_tests, script_fixture)

CAF_TEST(never are more jobs active in Redis than there are slots) {
  table.join(a, "n", 6);
  table.join(b, "n", 4);
  for (int i = 0; i < 20000; ++i) {
    if (auto kind = random() % 4; kind == 0)
      end_one();
    else if (kind == 1)
      send_script();
    else if (kind == 2)
      run_script();
    else
      answer_script();
  }
  CAF_CHECK_EQUAL(most_active, 10u);
  CAF_CHECK_GREATER(last_id, 500);
}

CAF_TEST_FIXTURE_SCOPE_END()
