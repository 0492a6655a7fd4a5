/// How an uplink finds, joins and loses its main node.
#define CAF_SUITE uplink

#include "tests/support/fake_dispatcher.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/uplink_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(uplink_tests, uplink_fixture)

CAF_TEST(an uplink joins and hands out the dispatcher) {
  start_registry();
  start_uplink();
  CAF_REQUIRE(has_joined());
  CAF_CHECK(mars_roles->find_any(role::dispatcher)->node() == earth.sys.node());
  CAF_CHECK(mars_roles->find_any(role::dispatcher)->id() == dispatcher_.id());
  CAF_CHECK_EQUAL(pool_polls, 1);
}

CAF_TEST(an uplink keeps its node alive) {
  start_registry();
  start_uplink();
  pass(20s);
  CAF_CHECK(has_joined());
  CAF_CHECK(lost.empty());
}

CAF_TEST(an uplink that stops is noticed by the main node) {
  start_registry();
  start_uplink();
  caf::anon_send_exit(up, caf::exit_reason::user_shutdown);
  settle();
  CAF_REQUIRE_EQUAL(lost.size(), 1u);
  CAF_CHECK_EQUAL(lost[0], "mars");
}

CAF_TEST(an uplink tells the pool when the main node is gone) {
  start_registry();
  start_uplink();
  caf::anon_send_exit(registry, caf::exit_reason::remote_link_unreachable);
  settle();
  CAF_CHECK(!has_joined());
  CAF_CHECK_EQUAL(pool_polls, 2); // joined, lost
}

CAF_TEST(a node keeps its dispatcher while only the registry restarts) {
  start_registry();
  start_uplink();
  caf::anon_send_exit(registry, caf::exit_reason::kill);
  settle();
  CAF_CHECK(has_joined());
  CAF_CHECK_EQUAL(pool_polls, 1);
  start_registry();
  pass(500ms);
  CAF_CHECK(has_joined());
  CAF_CHECK_EQUAL(pool_polls, 2); // it says hello once more, for all cases
}

CAF_TEST(an uplink whose node was cut off joins anew) {
  start_registry();
  start_uplink();
  // Mars is frozen: only the clock of earth goes on.
  for (int i = 0; i < 40; ++i) {
    earth.advance_time(100ms);
    settle();
  }
  CAF_REQUIRE_EQUAL(lost.size(), 1u);
  prepare_connection(earth, mars, "127.0.0.1", place.port());
  pass(600ms); // the next ping is told that nobody knows it
  CAF_CHECK_GREATER_OR_EQUAL(pool_polls, 2);
  pass(10s);
  CAF_CHECK(has_joined());
  CAF_CHECK_EQUAL(pool_polls, 3); // joined, lost, joined
}

CAF_TEST(a restarted uplink has the pool offer its slots anew) {
  // The link may be a new one: the dispatcher may have forgotten the pool.
  start_registry();
  start_uplink();
  caf::anon_send_exit(up, caf::exit_reason::kill);
  settle();
  prepare_connection(earth, mars, "127.0.0.1", place.port());
  start_uplink();
  pass(5s);
  CAF_CHECK(has_joined());
  CAF_CHECK_EQUAL(pool_polls, 2);
}

CAF_TEST(an uplink waits while the dispatcher restarts) {
  auto handle = earth_roles->find_any(role::dispatcher);
  earth_roles->set(role::dispatcher, nullptr);
  start_registry();
  start_uplink();
  pass(1s);
  CAF_CHECK(!has_joined());
  earth_roles->set(role::dispatcher, handle);
  pass(60ms);
  CAF_CHECK(has_joined());
}

CAF_TEST(an uplink that has found the next registry does not take it for lost) {
  start_registry();
  start_uplink();
  auto handle = earth_roles->find_any(role::dispatcher);
  earth_roles->set(role::dispatcher, nullptr); // no welcome is whole yet
  caf::anon_send_exit(registry, caf::exit_reason::kill);
  settle();
  start_registry("earth-2");
  pass(2s); // beats are due meanwhile
  CAF_CHECK(has_joined());
  CAF_CHECK_EQUAL(pool_polls, 1);
  earth_roles->set(role::dispatcher, handle);
  pass(60ms);
  CAF_CHECK_EQUAL(pool_polls, 2);
  pass(20s); // and it beats again
  CAF_CHECK(lost.empty());
}

CAF_TEST(an uplink asks anew when the dispatcher ends before a pool met it) {
  start_registry();
  start_uplink();
  caf::anon_send_exit(dispatcher_, caf::exit_reason::kill);
  settle();
  CAF_CHECK(!has_joined());
  dispatcher_ = earth.sys.spawn(fake_dispatcher, fake_dispatcher_hooks{});
  earth_roles->set(role::dispatcher,
                   caf::actor_cast<caf::strong_actor_ptr>(dispatcher_));
  pass(60ms);
  CAF_REQUIRE(has_joined());
  CAF_CHECK(mars_roles->find_any(role::dispatcher)->id() == dispatcher_.id());
  CAF_CHECK_EQUAL(pool_polls, 2); // told of each, so that no slot stays empty
}

CAF_TEST(an uplink tries again while nobody listens) {
  place.close();
  start_uplink();
  pass(5s);
  CAF_CHECK(!has_joined());
}

CAF_TEST(an uplink asks anew when the pool lost the dispatcher) {
  start_registry();
  start_uplink();
  mars_roles->set(role::dispatcher, nullptr);
  caf::anon_send(up, poll_v);
  settle();
  CAF_CHECK(has_joined());
}

CAF_TEST_FIXTURE_SCOPE_END()
