/// When a node counts as gone, and whose clock is wrong.
#define CAF_SUITE node_registry_silence

#include "tests/support/log_lines.hpp"
#include "tests/support/must.hpp"
#include "tests/support/registry_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(node_registry_silence_tests, registry_fixture)

CAF_TEST(a node that is gone is cut off at once) {
  auto node = uplink();
  join("n", "b", node);
  join("other", "b", uplink());
  break_link(node);
  CAF_REQUIRE_EQUAL(lost->size(), 1u);
  CAF_CHECK_EQUAL(lost->front(), "n");
  CAF_REQUIRE_EQUAL(nodes().size(), 1u);
  CAF_CHECK_EQUAL(first_node().hello.name, "other");
}

CAF_TEST(a node whose uplink died keeps its jobs until it is silent for long) {
  auto node = uplink();
  join("n", "b", node);
  kill(node);
  CAF_CHECK(lost->empty());
  pass(1s, 50ms);
  CAF_CHECK_EQUAL(join("n", "b", uplink()).refusal, "");
  pass(2900ms, 50ms);
  CAF_CHECK(lost->empty());
  pass(300ms, 50ms);
  CAF_CHECK_EQUAL(lost->size(), 1u);
}

CAF_TEST(a node that stops is cut off at once) {
  auto node = uplink();
  join("n", "b", node);
  caf::anon_send_exit(node, caf::exit_reason::user_shutdown);
  settle();
  CAF_CHECK_EQUAL(lost->size(), 1u);
}

CAF_TEST(a restarted uplink of the same process is not cut off by the old one) {
  auto old = uplink();
  join("n", "b", old);
  auto fresh = uplink();
  join("n", "b", fresh);
  break_link(old);
  CAF_CHECK(lost->empty());
  CAF_CHECK_EQUAL(nodes().size(), 1u);
  break_link(fresh);
  CAF_CHECK_EQUAL(lost->size(), 1u);
}

CAF_TEST(a ping answers with the main node and keeps the node alive) {
  join("n", "b", uplink());
  for (int i = 0; i < 5; ++i) {
    pass(2900ms, 50ms);
    CAF_CHECK_EQUAL(ping("n"), "main-1");
  }
  CAF_CHECK_EQUAL(first_node().last_seen, now());
  CAF_CHECK(lost->empty());
}

CAF_TEST(a ping of a node that is not known is told so) {
  CAF_CHECK_EQUAL(ping("n"), "");
}

CAF_TEST(a clock that is set makes no node silent) {
  join("n", "b", uplink());
  for (auto step : {3600000, -7200000}) {
    wall_step = step;
    pass(1s, 100ms);
    ping("n");
  }
  CAF_CHECK_EQUAL(nodes().size(), 1u);
  CAF_CHECK(lost->empty());
}

CAF_TEST(a clock that is off is told once and a late report is not ) {
  log_lines log;
  join("n", "b", uplink());
  auto report_from = [this](int64_t skew) {
    node_report x;
    x.name = "n";
    x.clock = now() + skew;
    self->send(registry, x);
    settle();
  };
  for (auto skew : {-5000, 900, -1000, -1001, -1001, 0})
    report_from(skew);
  CAF_CHECK_EQUAL(log.count("the clock of node n"), 0u);
  for (int i = 0; i < 10; ++i)
    report_from(1001);
  CAF_CHECK_EQUAL(log.count("1001 ms ahead of this main node's"), 1u);
  report_from(0);
  for (int i = 0; i < 3; ++i)
    report_from(-2000);
  CAF_CHECK_EQUAL(log.count("2000 ms behind this main node's"), 1u);
}

CAF_TEST(a silent node is cut off after its time and not before) {
  pass(1ms); // looks happen every 200 ms from the start on
  join("n", "b", uplink());
  pass(2999ms, 1ms); // the look at 3000: 2999 of silence
  CAF_CHECK(lost->empty());
  CAF_CHECK_EQUAL(ping("n"), "main-1");
  pass(3000ms, 1ms); // the look at 6000: exactly 3000
  CAF_CHECK(lost->empty());
  pass(199ms, 1ms);
  CAF_CHECK(lost->empty());
  pass(1ms); // the next look
  CAF_CHECK_EQUAL(lost->size(), 1u);
  CAF_CHECK(nodes().empty());
  CAF_CHECK_EQUAL(ping("n"), "");
}

CAF_TEST(a node that was cut off may join again) {
  auto node = uplink();
  join("n", "b", node);
  pass(4s, 50ms);
  CAF_CHECK(nodes().empty());
  CAF_CHECK_EQUAL(join("n", "b", node).refusal, "");
  CAF_CHECK_EQUAL(nodes().size(), 1u);
  break_link(node);
  CAF_CHECK_EQUAL(lost->size(), 2u);
}

CAF_TEST(several nodes are cut off in one look) {
  for (const char* name : {"a", "b", "c"})
    join(name, "b", uplink());
  pass(2s, 50ms);
  ping("b");
  pass(2s, 50ms);
  CAF_CHECK_EQUAL(lost->size(), 2u);
  CAF_REQUIRE_EQUAL(nodes().size(), 1u);
  CAF_CHECK_EQUAL(first_node().hello.name, "b");
}

CAF_TEST_FIXTURE_SCOPE_END()
