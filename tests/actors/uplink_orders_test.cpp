/// What a node tells about itself, and the orders that it gets.
#define CAF_SUITE uplink_orders

#include "tests/support/log_lines.hpp"
#include "tests/support/uplink_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(uplink_orders_tests, uplink_fixture)

CAF_TEST(an uplink tells how its node is and passes orders on) {
  auto root = []() -> supervisor_actor::behavior_type {
    return {
      [](children) {
        return child_list{"one_for_one", {{"pool", true, 2, 7}}};
      },
      [](restart, uint32_t) {},
      [](overdue, uint32_t) {},
      [](poll) {},
    };
  };
  auto tree = mars.sys.spawn(root);
  options.root = [tree] {
    return tree;
  };
  start_registry();
  start_uplink();
  pass(1s);
  node_list seen;
  earth.sys.spawn([&](caf::event_based_actor* asker) {
    asker->request(registry, caf::infinite, list_nodes_v)
      .then([&seen](const node_list& x) { seen = x; });
  });
  settle();
  CAF_REQUIRE_EQUAL(seen.nodes.size(), 1u);
  CAF_CHECK_EQUAL(seen.nodes[0].report.pool.running, 3u);
  CAF_CHECK_EQUAL(seen.nodes[0].report.actors.children.at(0).restarts, 2u);
  caf::anon_send(registry, node_order{"mars", true, {}});
  settle();
  CAF_CHECK(orders == std::vector<bool>{true});
  caf::anon_send_exit(tree, caf::exit_reason::kill);
  options.root = nullptr;
}

CAF_TEST(a node that is cut off stays away for its time and comes back) {
  start_willing();
  CAF_CHECK_EQUAL(order(chaos_action::cut, "", 4s).refusal, "");
  CAF_CHECK_EQUAL(severed, 1);
  CAF_CHECK(!has_joined());
  pass(3900ms);
  CAF_CHECK(!has_joined());
  CAF_CHECK_EQUAL(lost.size(), 1u); // its jobs have moved
  prepare_connection(earth, mars, "127.0.0.1", place.port());
  pass(1s);
  CAF_CHECK(has_joined());
}

CAF_TEST(a node that is cut off comes back though its uplink is killed) {
  start_willing();
  order(chaos_action::cut, "", 2s);
  caf::anon_send_exit(up, caf::exit_reason::kill);
  start_uplink();
  pass(1900ms);
  CAF_CHECK(!has_joined());
  prepare_connection(earth, mars, "127.0.0.1", place.port());
  pass(1s);
  CAF_CHECK(has_joined());
}

CAF_TEST(an uplink and a pool are killed by an order and a processor is lost) {
  start_willing();
  order(chaos_action::kill_actor, "processor");
  CAF_CHECK(chaos == std::vector<std::string>{"processor"});
  order(chaos_action::kill_actor, "processor_pool");
  CAF_CHECK(mars_roles->find_any(role::processor_pool) == nullptr);
  order(chaos_action::kill_actor, "uplink");
  CAF_CHECK(caf::actor_cast<caf::strong_actor_ptr>(up)->get()->getf(
    caf::abstract_actor::is_terminated_flag));
  CAF_CHECK(lost.empty());
}

CAF_TEST(an uplink refuses chaos that its own operator did not allow) {
  start_registry();
  start_uplink();
  CAF_CHECK_NOT_EQUAL(order(chaos_action::cut, "", 4s).refusal, "");
  // Not every main node is honest.
  caf::anon_send(up, chaos_order{"mars", chaos_action::cut, "", 4000});
  caf::anon_send(up, chaos_order{"mars", chaos_action::kill_actor,
                                 "processor_pool", 0});
  settle();
  CAF_CHECK(has_joined());
  CAF_CHECK_EQUAL(severed, 0);
  CAF_CHECK(mars_roles->find_any(role::processor_pool) != nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()
