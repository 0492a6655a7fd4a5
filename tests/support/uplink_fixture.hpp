/// The UPLINK of a worker node (mars) and the NODE REGISTRY of a main node
/// (earth) in one process, on virtual clocks and a network in memory. Only the
/// probe is real: something must listen at the main node's port.
#pragma once

#include "actors/node_registry.hpp"
#include "actors/uplink.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/loopback_listener.hpp"

#include <caf/test/io_dsl.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace darkroom {

struct networked_config : actor_test_config {
  networked_config() {
    load<caf::io::middleman>();
  }
};

using planets
  = point_to_point_fixture<test_coordinator_fixture<networked_config>>;

struct uplink_fixture : planets {
  loopback_listener place;
  directory_ptr earth_roles = std::make_shared<directory>();
  directory_ptr mars_roles = std::make_shared<directory>();
  node_registry_actor registry;
  uplink_actor up;
  dispatcher_actor dispatcher_;
  uplink_options options;
  node_registry_options about; ///< the main node
  steady_place earth_place;
  steady_place mars_place{2 << 20};
  std::vector<std::string> lost;
  int pool_polls = 0;
  std::vector<bool> orders;       ///< to cordon the node
  std::vector<std::string> chaos; ///< what the pool is told to lose
  int severed = 0;

  uplink_fixture();

  ~uplink_fixture();

  /// Handles messages and traffic of both, without moving their clocks.
  void settle();

  void pass(std::chrono::milliseconds duration);

  int64_t now();

  void start_registry(const std::string& boot = "earth-1");

  template <class Handle>
  void listen_as(const Handle& main) {
    prepare_connection(earth, mars, "127.0.0.1", place.port());
    settle();
    CAF_REQUIRE_EQUAL(earth.publish(main, place.port()), place.port());
  }

  void start_uplink();

  void start_willing();

  chaos_answer order(chaos_action action, const std::string& actor,
                     std::chrono::milliseconds duration = {});

  bool has_joined();
};

} // namespace darkroom
