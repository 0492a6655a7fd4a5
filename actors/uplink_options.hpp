/// Options of an UPLINK.
#pragma once

#include "actors/broker.hpp"
#include "actors/node_traits.hpp"
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/net/break_connections.hpp"
#include "services/net/probe.hpp"
#include "services/process/machine_state.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <random>
#include <vector>

namespace darkroom {

struct uplink_options {
  std::vector<endpoint> mains; ///< tried in turn, at least one
  node_hello hello;            ///< this node; `traits` are looked up
  /// The current values of what must be equal on all nodes, or why they are
  /// unknown; may block.
  std::function<result<node_traits>()> look_up_traits = [] {
    return result<node_traits>{node_traits{}};
  };
  /// The id in the file of this name beside the pictures; may block.
  std::function<result<std::string>(const std::string&)> read_mark
    = [](const std::string&) {
        return result<std::string>{std::string{}};
      };
  cluster_settings cluster;
  /// Whether somebody listens there; may block.
  std::function<status(const endpoint&)> ask_first = [](const endpoint& main) {
    return probe(main, probe_timeout);
  };
  broker_of broker = plain_broker; ///< connects
  /// When the node may connect again after an order cut it off, in ms of the
  /// actor clock. Survives a restart of the uplink.
  std::shared_ptr<std::atomic<int64_t>> away_until
    = std::make_shared<std::atomic<int64_t>>(0);
  /// Breaks this process's connections to a main node.
  std::function<void(const endpoint&)> sever = break_connections;
  /// How busy the machine is.
  std::function<machine_info()> measure = machine_state;
  std::function<int64_t()> now = wall_clock_ms;            ///< ms
  std::mt19937::result_type seed = std::random_device{}(); ///< of the jitter
  /// The node's root supervisor; may give null.
  std::function<supervisor_actor()> root = [] {
    return supervisor_actor{};
  };
};

} // namespace darkroom
