/// The UPLINK of a worker node (mars) and the NODE REGISTRY of a main node
/// (earth) in one process, on virtual clocks and a network in memory. Only the
/// probe is real: something must listen at the main node's port.
#define CAF_SUITE uplink

#include "actors/node_registry.hpp"
#include "actors/uplink.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_dispatcher.hpp"
#include "tests/support/log_lines.hpp"

#include <arpa/inet.h>
#include <caf/test/io_dsl.hpp>
#include <sys/socket.h>
#include <unistd.h>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct networked_config : actor_test_config {
  networked_config() {
    load<caf::io::middleman>();
  }
};

/// A loopback port that accepts connections and says nothing.
class listener {
public:
  listener() {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in place{};
    place.sin_family = AF_INET;
    place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(place);
    auto* any = reinterpret_cast<sockaddr*>(&place);
    if (::bind(fd_, any, size) != 0 || ::listen(fd_, 128) != 0
        || ::getsockname(fd_, any, &size) != 0)
      CAF_FAIL("cannot listen on loopback");
    port_ = ntohs(place.sin_port);
  }
  ~listener() {
    close();
  }

  void close() {
    if (fd_ >= 0)
      ::close(fd_);
    fd_ = -1;
  }

  uint16_t port() const {
    return port_;
  }

private:
  int fd_ = -1;
  uint16_t port_ = 0;
};

using planets
  = point_to_point_fixture<test_coordinator_fixture<networked_config>>;

struct fixture : planets {
  listener place;
  directory_ptr earth_roles = std::make_shared<directory>();
  directory_ptr mars_roles = std::make_shared<directory>();
  node_registry_actor registry;
  uplink_actor up;
  dispatcher_actor dispatcher_;
  uplink_options options;
  steady_place earth_place;
  steady_place mars_place{2 << 20};
  std::vector<std::string> lost;
  int pool_polls = 0;
  std::vector<bool> orders;       ///< to cordon the node
  std::vector<std::string> chaos; ///< what the pool is told to lose
  int severed = 0;

  fixture() {
    fake_dispatcher_hooks hooks;
    hooks.on_lost = [this](node_lost x) {
      lost.push_back(x.name);
    };
    dispatcher_ = earth.sys.spawn(fake_dispatcher, hooks);
    earth_roles->set(role::dispatcher,
                     caf::actor_cast<caf::strong_actor_ptr>(dispatcher_));
    auto listen = [this]() -> processor_pool_actor::behavior_type {
      return {
        [](const job_batch&) {},
        [](const cancel_runs&) {},
        [this](const node_order& x) { orders.push_back(x.is_cordoned); },
        [this](const chaos_order& x) { chaos.push_back(x.actor); },
        [](look_pool) {
          return pool_status{4, 3, false, {}, {{"7", 120}, {}}};
        },
        [](const outcome&) {},
        [](const job_update&) {},
        [](const call_request&) { return int64_t{0}; },
        [](drain, int64_t) { return drain_report{}; },
        [](overdue) {},
        [](overdue, const std::string&) {},
        [this](poll) { ++pool_polls; },
      };
    };
    auto pool = mars.sys.spawn(listen);
    mars_roles->set(role::processor_pool,
                    caf::actor_cast<caf::strong_actor_ptr>(pool));
    options.mains = {{"127.0.0.1", place.port()}};
    options.hello.name = "mars";
    options.hello.boot_id = "mars-1";
    options.hello.concurrency = 4;
    options.sever = [this](const endpoint&) {
      ++severed;
    };
  }

  ~fixture() {
    for (auto which : {role::dispatcher, role::processor_pool})
      for (auto& x : {earth_roles, mars_roles}) {
        if (auto handle = x->find_any(which))
          caf::anon_send_exit(handle, caf::exit_reason::kill);
        x->set(which, nullptr);
      }
    if (up)
      caf::anon_send_exit(up, caf::exit_reason::kill);
    if (registry)
      caf::anon_send_exit(registry, caf::exit_reason::kill);
    settle();
  }

  /// Handles messages and traffic of both, without moving their clocks.
  void settle() {
    auto advance = [](auto& x, steady_place& place) {
      // read_data runs what is runnable too, and does not tell: it comes last.
      return place.run_one(x.sched) || x.mpx.try_exec_runnable()
             || x.mpx.read_data() || x.mpx.try_accept_connection();
    };
    while (advance(earth, earth_place) || advance(mars, mars_place)) {
      // go on
    }
  }

  void pass(std::chrono::milliseconds duration) {
    settle();
    for (; duration.count() > 0; duration -= 10ms) {
      earth.advance_time(10ms);
      mars.advance_time(10ms);
      settle();
    }
  }

  int64_t now() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
             earth.sched.clock().now().time_since_epoch())
      .count();
  }

  void start_registry(const std::string& boot = "earth-1") {
    node_registry_options about;
    about.boot_id = boot;
    about.version = "0.0.1";
    about.node_timeout = 3s;
    about.now = [this] {
      return now();
    };
    registry = earth.sys.spawn(node_registry, earth_roles, about,
                               [](node_registry_actor::pointer, uint32_t) {});
    listen_as(registry);
  }

  template <class Handle>
  void listen_as(const Handle& main) {
    prepare_connection(earth, mars, "127.0.0.1", place.port());
    settle();
    CAF_REQUIRE_EQUAL(earth.publish(main, place.port()), place.port());
  }

  void start_uplink() {
    up = mars.sys.spawn(uplink, mars_roles, options);
    settle();
  }

  void start_willing() {
    options.hello.allows_chaos = true;
    start_registry();
    start_uplink();
    CAF_REQUIRE(has_joined());
  }

  chaos_answer order(chaos_action action, const std::string& actor,
                     std::chrono::milliseconds duration = 0ms) {
    chaos_answer out;
    earth.sys.spawn([&](caf::event_based_actor* asker) {
      asker
        ->request(registry, caf::infinite,
                  chaos_order{"mars", action, actor, duration.count()})
        .then([&out](const chaos_answer& x) { out = x; });
    });
    settle();
    return out;
  }

  bool has_joined() {
    return mars_roles->find_any(role::dispatcher) != nullptr;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(uplink_tests, fixture)

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

CAF_TEST(an uplink of another version is not let in and both say why) {
  log_lines log;
  options.hello.protocol = protocol_version + 1;
  options.hello.version = "9.9.9";
  start_registry();
  start_uplink();
  pass(2s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(lost.empty());
  auto ours = std::to_string(protocol_version) + " (darkroom 0.0.1)";
  auto theirs = std::to_string(protocol_version + 1) + " (darkroom 9.9.9)";
  std::string rest = ": run the same version of darkroom on both";
  CAF_CHECK_EQUAL(log.count("this worker speaks protocol " + theirs
                            + ", the other one " + ours + rest),
                  1u);
  CAF_CHECK_EQUAL(log.count("node mars is refused: this main node speaks "
                            "protocol "
                            + ours + ", the other one " + theirs + rest),
                  1u);
}

CAF_TEST(a node that could not work does not join until it is mended) {
  log_lines log;
  auto is_mended = false;
  options.look_up_traits = [&]() -> result<node_traits> {
    if (!is_mended)
      return fail(ec::bad_config, "the weights cannot be read");
    return node_traits{};
  };
  start_registry();
  start_uplink();
  pass(2s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(log.count("this node cannot work: the weights cannot be read") > 0);
  is_mended = true;
  pass(5s);
  CAF_CHECK(has_joined());
}

CAF_TEST(a main node of another version is known though all else has changed) {
  log_lines log;
  // All that versions have in common.
  auto later = earth.sys.spawn([]() -> caf::behavior {
    return {
      [](uint32_t, const std::string&, const std::string&) {
        return std::make_tuple(protocol_version + 1, std::string{"9.9.9"});
      },
    };
  });
  listen_as(later);
  start_uplink();
  pass(2s);
  CAF_CHECK(!has_joined());
  CAF_CHECK_EQUAL(log.count("the other one "
                            + std::to_string(protocol_version + 1)
                            + " (darkroom 9.9.9)"),
                  1u);
  caf::anon_send_exit(later, caf::exit_reason::kill);
}

CAF_TEST(what is no main node is told) {
  log_lines log;
  auto stranger = earth.sys.spawn([]() -> caf::behavior {
    return {
      [](int) {},
    };
  });
  listen_as(stranger);
  start_uplink();
  pass(1s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(log.count("does not answer like a darkroom main node") > 0);
  caf::anon_send_exit(stranger, caf::exit_reason::kill);
}

CAF_TEST(an uplink asks anew when the pool lost the dispatcher) {
  start_registry();
  start_uplink();
  mars_roles->set(role::dispatcher, nullptr);
  caf::anon_send(up, poll_v);
  settle();
  CAF_CHECK(has_joined());
}

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
