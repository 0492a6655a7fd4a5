#define CAF_SUITE drift_watcher

#include "actors/drift_watcher.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_peers.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  fixture() {
    peers->set(role::notifier, caf::actor_cast<caf::strong_actor_ptr>(
                                 ends(sys.spawn(fake_notifier, log))));
    ends(sys.spawn(
      drift_watcher, peers, milliseconds{5min},
      [this]() -> result<drift_report> {
        ++looks;
        if (is_broken)
          return fail(ec::redis_unavailable, "Redis is down");
        return report;
      },
      counted));
    settle();
  }

  ~fixture() override {
    end_all();
    peers->set(role::notifier, nullptr);
  }

  void look() {
    pass(5min, 1min);
  }

  void find(uint64_t found, uint64_t repaired = 0) {
    auto& x = report.at(drift_class::stuck_processing);
    x.found = found;
    x.repaired = repaired;
    x.examples = {"cat: stuck"};
    look();
  }

  /// "found 2, gone 0": what the notifier was told since the last call.
  std::string told() {
    std::string out;
    for (const auto& x : log->drifts)
      out += (out.empty() ? "" : ", ") + x.state + " "
             + std::to_string(x.count);
    log->drifts.clear();
    return out;
  }

  bool shows(int value) {
    return has(counted->text(), "darkroom_drift{class=\"stuck-processing\"} "
                                  + std::to_string(value));
  }

  fake_peers_ptr log = std::make_shared<fake_peers>();
  directory_ptr peers = std::make_shared<directory>();
  metrics_ptr counted = std::make_shared<metrics>();
  drift_report report;
  bool is_broken = false;
  int looks = 0;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(drift_watcher_tests, fixture)

CAF_TEST(it looks after each pause) {
  CAF_CHECK_EQUAL(looks, 0);
  look();
  CAF_CHECK_EQUAL(looks, 1);
  CAF_CHECK(shows(0));
  look();
  CAF_CHECK_EQUAL(looks, 2);
  CAF_CHECK_EQUAL(told(), "");
}

CAF_TEST(a class that is found or gone is told once) {
  find(2);
  CAF_REQUIRE_EQUAL(log->drifts.size(), 1u);
  CAF_CHECK_EQUAL(log->drifts[0].drift, "stuck-processing");
  CAF_CHECK_EQUAL(log->drifts[0].examples.at(0), "cat: stuck");
  CAF_CHECK_EQUAL(told(), "found 2");
  CAF_CHECK(shows(2));
  find(3);
  CAF_CHECK_EQUAL(told(), "");
  CAF_CHECK(shows(3));
  find(0);
  CAF_CHECK_EQUAL(told(), "gone 0");
  CAF_CHECK(shows(0));
  find(1);
  CAF_CHECK_EQUAL(told(), "found 1");
}

CAF_TEST(each repair is told) {
  find(2, 2);
  CAF_CHECK_EQUAL(told(), "repaired 2");
  CAF_CHECK(shows(0));
  find(3, 1);
  CAF_CHECK_EQUAL(told(), "repaired 1, found 2");
  CAF_CHECK(shows(2));
}

CAF_TEST(a look that fails changes nothing) {
  find(2);
  (void)told();
  is_broken = true;
  look();
  CAF_CHECK_EQUAL(told(), "");
  CAF_CHECK(shows(2));
  is_broken = false;
  look();
  CAF_CHECK_EQUAL(told(), "");
}

CAF_TEST_FIXTURE_SCOPE_END()
