#define CAF_SUITE node_registry

#include "actors/node_registry.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_dispatcher.hpp"
#include "tests/support/log_lines.hpp"
#include "tests/support/must.hpp"

#include <caf/event_based_actor.hpp>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct fixture : actor_fixture {
  std::shared_ptr<std::vector<std::string>> lost
    = std::make_shared<std::vector<std::string>>();
  directory_ptr peers = std::make_shared<directory>();
  node_registry_actor registry;
  int published = 0;
  int64_t wall_step = 0; ///< ms that somebody has set the wall clock by

  fixture() {
    fake_dispatcher_hooks hooks;
    hooks.on_lost = [this](node_lost x) {
      lost->push_back(x.name);
    };
    auto dispatcher = ends(sys.spawn(fake_dispatcher, hooks));
    peers->set(role::dispatcher,
               caf::actor_cast<caf::strong_actor_ptr>(dispatcher));
    node_registry_options options;
    options.boot_id = "main-1";
    options.node_timeout = 3s;
    options.traits = {{"uploads folder", "id-1", "/main", false}};
    options.now = [this] {
      return now() + wall_step;
    };
    registry = ends(sys.spawn(node_registry, peers, options,
                              [this](node_registry_actor::pointer, uint32_t) {
                                ++published;
                              }));
    settle();
  }

  ~fixture() override {
    end_all();
  }

  /// An actor that says hello in its own name.
  caf::actor uplink() {
    auto speak = [this](caf::event_based_actor* speaker) -> caf::behavior {
      return {
        [this, speaker](const node_hello& hello) {
          speaker->request(registry, caf::infinite, hello)
            .then([this](const node_welcome& x) { welcome_ = x; });
        },
      };
    };
    return ends(sys.spawn(speak));
  }

  node_welcome join(const std::string& name, const std::string& boot,
                    const caf::actor& from) {
    node_hello hello;
    hello.name = name;
    hello.boot_id = boot;
    hello.concurrency = 4;
    return say(hello, from);
  }

  node_welcome say(const node_hello& hello, const caf::actor& from) {
    welcome_ = {};
    caf::anon_send(from, hello);
    settle();
    return welcome_;
  }

  /// The node's connection is gone, and all its actors with it.
  void break_link(const caf::actor& uplink) {
    caf::anon_send_exit(uplink, caf::exit_reason::remote_link_unreachable);
    settle();
  }

  std::string ping(const std::string& name) {
    return ask<std::string>(registry, ping_v, name);
  }

  std::vector<node_status> nodes() {
    return ask<node_list>(registry, list_nodes_v).nodes;
  }

  node_status first_node() {
    auto all = nodes();
    CAF_REQUIRE(!all.empty());
    return all[0];
  }

private:
  node_welcome welcome_;
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(node_registry_tests, fixture)

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

CAF_TEST(nodes of other versions are refused in both directions) {
  for (auto version : {protocol_version - 1, protocol_version + 1}) {
    node_hello hello;
    hello.protocol = version;
    hello.name = "n";
    auto welcome = say(hello, uplink());
    CAF_CHECK(has(welcome.refusal, "the other one " + std::to_string(version)));
    CAF_CHECK(has(welcome.refusal, "run the same version"));
    CAF_CHECK(!welcome.dispatcher);
  }
  CAF_CHECK(nodes().empty());
}

CAF_TEST(a hello that is not valid is refused and lists nobody) {
  CAF_CHECK(has(join("evil\nname", "b", uplink()).refusal, "name is"));
  node_hello greedy;
  greedy.name = "n";
  greedy.boot_id = "b";
  greedy.concurrency = 4000000000;
  auto welcome = say(greedy, uplink());
  CAF_CHECK(has(welcome.refusal, "concurrency is out of range"));
  CAF_CHECK(!welcome.dispatcher);
  CAF_CHECK(nodes().empty());
}

CAF_TEST(
  a node that differs in what must be equal is refused with both values) {
  auto with = [](const std::string& name, node_traits traits) {
    node_hello hello;
    hello.name = name;
    hello.boot_id = "b";
    hello.traits = std::move(traits);
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
  node_hello hello;
  hello.boot_id = "boot";
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
