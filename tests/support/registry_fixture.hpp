/// A NODE REGISTRY with a fake dispatcher and uplinks, on the virtual clock.
#pragma once

#include "actors/node_registry.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_dispatcher.hpp"

#include <caf/event_based_actor.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

struct registry_fixture : actor_fixture {
  std::shared_ptr<std::vector<std::string>> lost
    = std::make_shared<std::vector<std::string>>();
  directory_ptr peers = std::make_shared<directory>();
  node_registry_actor registry;
  int published = 0;
  int looks = 0;         ///< at the main node's mark
  int64_t wall_step = 0; ///< ms that somebody has set the wall clock by

  registry_fixture() {
    fake_dispatcher_hooks hooks;
    hooks.on_lost = [this](node_lost x) {
      lost->push_back(x.name);
    };
    auto dispatcher = ends(sys.spawn(fake_dispatcher, hooks));
    peers->set(role::dispatcher,
               caf::actor_cast<caf::strong_actor_ptr>(dispatcher));
    node_registry_options options;
    options.boot_id = "main-1";
    options.node_timeout = std::chrono::seconds{3};
    options.traits = {{"uploads folder", "id-1", "/main", false}};
    options.mark = {"darkroom.main.0123456789abcdef", "newest"};
    options.check_mark = [this] {
      ++looks;
    };
    options.now = [this] {
      return now() + wall_step;
    };
    registry = ends(sys.spawn(node_registry, peers, options,
                              [this](node_registry_actor::pointer, uint32_t) {
                                ++published;
                              }));
    settle();
  }

  ~registry_fixture() override {
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

  static node_hello introduction(const std::string& name = "n") {
    node_hello out;
    out.protocol = protocol_version();
    out.name = name;
    out.boot_id = "b";
    return out;
  }

  node_welcome join(const std::string& name, const std::string& boot,
                    const caf::actor& from) {
    auto hello = introduction(name);
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

} // namespace darkroom
