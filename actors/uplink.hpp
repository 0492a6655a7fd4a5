/// A worker node's connection to its main node.
#pragma once

#include "actors/directory.hpp"
#include "actors/uplink_options.hpp"
#include "messages/interfaces.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <random>
#include <set>
#include <string>

namespace darkroom {

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
  // uplink_search.cpp
  void connect();
  void connected(const endpoint& main, const caf::strong_actor_ptr& actor,
                 const std::set<std::string>& interface);
  void greet(const endpoint& main, const caf::strong_actor_ptr& actor,
             bool is_registry);
  void say_hello();
  void read_mark(const std::string& name);
  void welcomed(const node_welcome& welcome);
  void try_later(const std::string& why);

  // uplink.cpp
  void watch(const caf::strong_actor_ptr& dispatcher);
  void tell_pool();
  void tell_how_we_are();
  void forget_registry();

  // uplink_orders.cpp
  void kill(const chaos_order& order);
  void cut_off(std::chrono::milliseconds duration);
  std::chrono::milliseconds time_away() const;

  uplink_actor::pointer self_;
  directory_ptr peers_;
  uplink_options options_;
  node_registry_actor registry_; ///< null while searching
  caf::actor_addr dispatcher_;   ///< the last one from the registry
  std::string main_;             ///< its place: "a:7700"
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
