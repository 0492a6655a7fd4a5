/// Who may join, and what is told about nodes and passed on to them.
#define CAF_SUITE node_registry

#include "tests/support/log_lines.hpp"
#include "tests/support/must.hpp"
#include "tests/support/registry_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(node_registry_tests, registry_fixture)

CAF_TEST(a registry publishes itself at its start) {
  CAF_CHECK_EQUAL(published, 1);
  self->send(registry, restart_v, uint32_t{3});
  settle();
  CAF_CHECK_EQUAL(published, 2);
}

CAF_TEST(a node that joins is listed and gets the dispatcher) {
  auto welcome = join("n", "b", uplink());
  CAF_CHECK_EQUAL(welcome.refusal, "");
  CAF_CHECK_EQUAL(welcome.boot_id, "main-1");
  CAF_CHECK(welcome.dispatcher == peers->find_any(role::dispatcher));
  CAF_REQUIRE_EQUAL(nodes().size(), 1u);
  CAF_CHECK_EQUAL(first_node().hello.name, "n");
  CAF_CHECK_EQUAL(first_node().hello.concurrency, 4u);
  CAF_CHECK_EQUAL(first_node().joined, now());
}

CAF_TEST(a node that joins while the dispatcher restarts gets none) {
  auto dispatcher = peers->find_any(role::dispatcher);
  peers->set(role::dispatcher, nullptr);
  auto node = uplink();
  auto welcome = join("n", "b", node);
  CAF_CHECK_EQUAL(welcome.refusal, "");
  CAF_CHECK(!welcome.dispatcher);
  peers->set(role::dispatcher, dispatcher);
  CAF_CHECK(join("n", "b", node).dispatcher == dispatcher);
}

CAF_TEST(workers of the protocol before are served but no others) {
  auto hello = introduction();
  auto refusal_of = [&](uint32_t protocol) {
    hello.protocol = protocol;
    auto welcome = say(hello, uplink());
    CAF_CHECK_EQUAL(welcome.refusal.empty(), welcome.dispatcher != nullptr);
    return welcome.refusal;
  };
  CAF_CHECK(has(refusal_of(protocol_version() + 1),
                ", which is older: upgrade the main nodes first"));
  CAF_CHECK(has(refusal_of(oldest_protocol - 1),
                ", which serves workers from protocol "
                  + std::to_string(oldest_protocol) + " on: upgrade the"));
  CAF_CHECK(nodes().empty());
  for (auto protocol = oldest_protocol; protocol <= protocol_version();
       ++protocol) {
    hello.name = "n" + std::to_string(protocol);
    CAF_CHECK_EQUAL(refusal_of(protocol), "");
  }
  CAF_REQUIRE_EQUAL(nodes().size(), 2u);
  CAF_CHECK_EQUAL(first_node().hello.protocol, oldest_protocol);
}

CAF_TEST(a hello that is not valid is refused and lists nobody) {
  CAF_CHECK(has(join("evil\nname", "b", uplink()).refusal, "name is"));
  auto greedy = introduction();
  greedy.concurrency = 4000000000;
  auto welcome = say(greedy, uplink());
  CAF_CHECK(has(welcome.refusal, "concurrency is out of range"));
  CAF_CHECK(!welcome.dispatcher);
  CAF_CHECK(nodes().empty());
}

CAF_TEST(
  a node that differs in what must be equal is refused with both values) {
  auto with = [](const std::string& name, node_traits traits) {
    auto hello = introduction(name);
    hello.traits = std::move(traits);
    hello.mark_name = "darkroom.main.0123456789abcdef";
    hello.mark = "newest";
    return hello;
  };
  node_trait other{"uploads folder", "id-2", "/worker", false};
  auto welcome = say(with("n", {other}), uplink());
  CAF_CHECK(has(welcome.refusal, "the uploads folder differs"));
  CAF_CHECK(has(welcome.refusal, "'id-1' (/main)"));
  CAF_CHECK(has(welcome.refusal, "'id-2' (/worker)"));
  CAF_CHECK(!welcome.dispatcher);
  CAF_CHECK(nodes().empty());
  node_trait same{"uploads folder", "id-1", "/mnt", false};
  node_trait model{"embedding model", "one", "", false};
  CAF_CHECK_EQUAL(say(with("n", {same, model}), uplink()).refusal, "");
  model.value = "two";
  CAF_CHECK(has(say(with("m", {same, model}), uplink()).refusal,
                "node 'n', which is here already, has 'one'"));
  CAF_CHECK_EQUAL(nodes().size(), 1u);
}

CAF_TEST(a worker that sees a copy of the pictures is refused) {
  auto hello = introduction();
  hello.traits = {{"uploads folder", "id-1", "/copy", false}};
  auto asked = say(hello, uplink());
  CAF_CHECK_EQUAL(asked.refusal, "");
  CAF_CHECK_EQUAL(asked.mark_name, "darkroom.main.0123456789abcdef");
  CAF_CHECK(!asked.dispatcher);
  CAF_CHECK_EQUAL(looks, 0);
  hello.mark_name = asked.mark_name;
  CAF_CHECK(has(say(hello, uplink()).refusal, "it has no mark in place of"));
  CAF_CHECK_EQUAL(looks, 1);
  hello.mark = "older";
  auto welcome = say(hello, uplink());
  CAF_CHECK(has(welcome.refusal,
                "this worker, 'id-1' (/copy), is a copy of the main node's, "
                "'id-1' (/main), or an older state of it: it has the mark "
                "'older' in place of 'newest'"));
  CAF_CHECK(!welcome.dispatcher);
  CAF_CHECK(nodes().empty());
  CAF_CHECK_EQUAL(looks, 2);
  hello.mark = "newest";
  CAF_CHECK(say(hello, uplink()).dispatcher);
  CAF_CHECK_EQUAL(looks, 2);
}

CAF_TEST(a worker that cannot tell about a copy joins) {
  auto hello = introduction("no pictures");
  CAF_CHECK(say(hello, uplink()).dispatcher);
  hello.traits = {{"uploads folder", "id-1", "/copy", false}};
  hello.name = "old";
  hello.protocol = 11; // does not know the question
  CAF_CHECK(say(hello, uplink()).dispatcher);
  hello.name = "bucket away";
  hello.protocol = protocol_version();
  hello.mark_name = say(hello, uplink()).mark_name;
  hello.is_mark_unread = true;
  CAF_CHECK(say(hello, uplink()).dispatcher);
}

CAF_TEST(a second node of one name is refused) {
  join("n", "first", uplink());
  auto welcome = join("n", "second", uplink());
  CAF_CHECK(has(welcome.refusal, "a node named 'n' is here already"));
  CAF_REQUIRE_EQUAL(nodes().size(), 1u);
  CAF_CHECK_EQUAL(first_node().hello.boot_id, "first");
  CAF_CHECK(lost->empty());
}

CAF_TEST(a new process replaces one that was silent for half the time) {
  join("n", "first", uplink());
  pass(1499ms, 1ms);
  CAF_CHECK(!join("n", "second", uplink()).refusal.empty());
  pass(1ms);
  CAF_CHECK_EQUAL(join("n", "second", uplink()).refusal, "");
  CAF_CHECK_EQUAL(first_node().hello.boot_id, "second");
  CAF_REQUIRE_EQUAL(lost->size(), 1u);
  CAF_CHECK_EQUAL(lost->front(), "n");
}

CAF_TEST(a node that says hello twice is one node) {
  auto node = uplink();
  join("n", "b", node);
  pass(100ms);
  join("n", "b", node);
  CAF_REQUIRE_EQUAL(nodes().size(), 1u);
  CAF_CHECK_EQUAL(first_node().last_seen, now());
  CAF_CHECK_EQUAL(first_node().joined, now() - 100);
  break_link(node);
  CAF_CHECK_EQUAL(lost->size(), 1u);
}

CAF_TEST(how a node is stands beside who it is) {
  join("n", "b", uplink());
  node_report report;
  report.name = "n";
  report.pool = {4, 3, true, "order-1", {{"7", 120}}};
  report.actors.children = {{"uplink", true, 1, 5}};
  report.load = 1.5;
  report.clock = now() + 1200;
  self->send(registry, report);
  report.name = "unknown";
  self->send(registry, report);
  settle();
  CAF_REQUIRE_EQUAL(nodes().size(), 1u);
  auto node = first_node();
  CAF_CHECK_EQUAL(node.hello.concurrency, 4u);
  CAF_CHECK_EQUAL(node.report.pool.running, 3u);
  CAF_CHECK(node.report.pool.is_cordoned);
  CAF_CHECK_EQUAL(node.report.actors.children.at(0).restarts, 1u);
  CAF_CHECK_EQUAL(node.clock_skew, 1200);
}

CAF_TEST(an order reaches its node only) {
  auto orders = std::make_shared<std::vector<std::string>>();
  auto listen = [this, orders](caf::event_based_actor* node) -> caf::behavior {
    return {
      [this, node](const node_hello& hello) {
        node->request(registry, caf::infinite, hello)
          .then([](const node_welcome&) {});
      },
      [orders](const node_order& x) { orders->push_back(x.name); },
    };
  };
  for (const char* name : {"a", "b"})
    join(name, "boot", ends(sys.spawn(listen)));
  CAF_CHECK(ask<bool>(registry, node_order{"b", true, {}}));
  CAF_CHECK(!ask<bool>(registry, node_order{"c", true, {}}));
  CAF_REQUIRE_EQUAL(orders->size(), 1u);
  CAF_CHECK_EQUAL(orders->front(), "b");
}

CAF_TEST(chaos reaches a node that allows it and no other) {
  auto orders = std::make_shared<std::vector<chaos_order>>();
  auto listen = [this, orders](caf::event_based_actor* node) -> caf::behavior {
    return {
      [this, node](const node_hello& hello) {
        node->request(registry, caf::infinite, hello)
          .then([](const node_welcome&) {});
      },
      [orders](const chaos_order& x) { orders->push_back(x); },
    };
  };
  auto hello = introduction();
  for (const char* name : {"willing", "careful"}) {
    hello.name = name;
    hello.allows_chaos = hello.name == "willing";
    say(hello, ends(sys.spawn(listen)));
  }
  auto order = [this](const std::string& node, const std::string& actor) {
    return ask<chaos_answer>(
      registry, chaos_order{node, chaos_action::kill_actor, actor, 0});
  };
  auto passed = order("willing", "uplink");
  CAF_CHECK(passed.is_known);
  CAF_CHECK_EQUAL(passed.refusal, "");
  CAF_REQUIRE_EQUAL(orders->size(), 1u);
  CAF_CHECK_EQUAL(orders->front().actor, "uplink");
  auto refused = order("careful", "uplink");
  CAF_CHECK(refused.is_known);
  CAF_CHECK_EQUAL(refused.refusal, "node 'careful' does not allow chaos: "
                                   "start it with --chaos");
  CAF_CHECK(!order("nobody", "uplink").is_known);
  CAF_CHECK_NOT_EQUAL(order("willing", "catalog").refusal, "");
  CAF_CHECK_EQUAL(orders->size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
