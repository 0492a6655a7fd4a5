/// A worker node's connection to its main node.
#pragma once

#include "actors/broker.hpp"
#include "actors/directory.hpp"
#include "actors/node_traits.hpp"
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/net/break_connections.hpp"
#include "services/net/probe.hpp"
#include "services/process/machine_state.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <random>
#include <set>
#include <string>
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

/// Data and logic of an UPLINK.
///
///     searching --probe, connect, greet, hello--> joined
///      ^   ^-------------- DOWN, silence -----------'  |
///      '-- its time is over -- cut off <-- an order ---'
///
/// While joined, the directory has the main node's dispatcher. The uplink waits
/// longer after each failure, with jitter, up to reconnect_max.
class uplink_state {
public:
  static inline const char* name = "uplink";

  explicit uplink_state(uplink_actor::pointer self);

  void init(directory_ptr peers, uplink_options options);

  /// Searches, or asks the registry for the dispatcher again.
  void look();

  /// Tells the registry that this node is alive.
  void beat();

  /// Passes an operator's order on to the pool.
  void obey(const node_order& order);

  /// Harms this node as ordered, if its operator allows chaos.
  void obey(const chaos_order& order);

  void lost(const std::string& why);

  /// The registry died. If its node is alive, so is the dispatcher.
  void registry_ended(const caf::error& reason);

  bool is_registry(const caf::actor_addr& source) const {
    return registry_ && registry_.address() == source;
  }

  bool is_dispatcher(const caf::actor_addr& source) const {
    return registry_ && dispatcher_ == source;
  }

private:
  void connect();
  void connected(const std::string& place, const caf::strong_actor_ptr& actor,
                 const std::set<std::string>& interface);
  void greet(const std::string& place, const caf::strong_actor_ptr& actor,
             bool is_registry);
  void say_hello();
  void welcomed(const node_welcome& welcome);
  void watch(const caf::strong_actor_ptr& dispatcher);
  void tell_pool();
  void tell_how_we_are();
  void kill(const chaos_order& order);
  void cut_off(std::chrono::milliseconds duration);
  std::chrono::milliseconds time_away() const;
  void forget_registry();
  void try_later(const std::string& why);

  uplink_actor::pointer self_;
  directory_ptr peers_;
  uplink_options options_;
  node_registry_actor registry_; ///< null while searching
  caf::actor_addr dispatcher_;   ///< the last one from the registry
  std::string main_boot_id_;
  size_t next_main_ = 0;
  uint32_t failures_ = 0; ///< in a row
  bool looking_ = false;  ///< a search or a hello is on its way
  uint64_t link_ = 0;     ///< number of the link; older answers do not count
  bool beating_ = false;
  /// Problems that were logged since the node was last joined.
  std::set<std::string> told_;
  std::mt19937 random_;
};

/// Spawn it detached: its probes block for up to a second.
uplink_actor::behavior_type
uplink(uplink_actor::stateful_pointer<uplink_state> self, directory_ptr peers,
       uplink_options options);

} // namespace darkroom
