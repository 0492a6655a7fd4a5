/// Which worker nodes are alive.
#pragma once

#include "actors/broker.hpp"
#include "actors/directory.hpp"
#include "actors/node_traits.hpp"
#include "messages/interfaces.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

namespace darkroom {

struct node_registry_options {
  std::string boot_id;     ///< of this process
  std::string version;     ///< of Darkroom, for people
  node_traits traits = {}; ///< of this main node
  /// Silence after which a node is cut off.
  std::chrono::milliseconds node_timeout{0};
  std::function<int64_t()> now; ///< ms; wall clock, or a test's
};

/// Data and logic of a NODE REGISTRY. A node that ends is noticed by CAF's
/// monitor; one that is silent (frozen, cable cut) by its missing pings. Where
/// only its uplink died, the node's supervisor starts it anew: the jobs there
/// go on, and the node counts as silent until then.
class node_registry_state {
public:
  static inline const char* name = "node_registry";

  explicit node_registry_state(node_registry_actor::pointer self);

  void init(directory_ptr peers, node_registry_options options);

  /// Takes note of a node that may be of another version.
  void greet(uint32_t protocol, const std::string& version,
             const std::string& node);

  const std::string& version() const {
    return options_.version;
  }

  node_welcome join(const caf::strong_actor_ptr& uplink,
                    const node_hello& hello);
  std::string seen(const std::string& node);
  void note(const node_report& report);

  /// @returns whether there is such a node
  bool pass_on(const node_order& order);

  /// The same for chaos; only to a node that allows it.
  chaos_answer pass_on(const chaos_order& order);

  node_list list() const;
  void left(const caf::actor_addr& uplink, const caf::error& reason);
  void cut_off_silent();

private:
  std::string find_difference(const node_hello& hello) const;
  void tell_refusal(const std::string& node, const std::string& why);

  struct entry {
    node_status status;
    caf::actor_addr uplink;
    /// When it was last heard of; no step of the wall clock makes it silent.
    caf::actor_clock::time_point heard = {};
    uint32_t skewed = 0; ///< reports in a row whose clock was off
  };

  void hear(entry& node);
  void judge_clock(entry& node);
  caf::actor_clock::duration_type silence_of(const entry& node) const;
  void remove(const std::string& node, const std::string& why);

  node_registry_actor::pointer self_;
  directory_ptr peers_;
  node_registry_options options_;
  std::map<std::string, entry> nodes_;
  /// That were refused, and why, as the log names them.
  std::set<std::string> strangers_;
};

/// Makes a registry reachable for other nodes; must not block. Where it fails
/// it sends the registry `restart` with the tries that are left.
using publisher = std::function<void(node_registry_actor::pointer, uint32_t)>;

node_registry_actor::behavior_type
node_registry(node_registry_actor::stateful_pointer<node_registry_state> self,
              directory_ptr peers, node_registry_options options,
              publisher publish);

/// Publishes a registry on `bind:port` through `broker`; tries again while the
/// port is taken, ends the registry if it stays so.
/// @param port 0 = any; `chosen` learns which, and a restart takes it again
publisher publish_on(std::string bind, uint16_t port,
                     std::shared_ptr<std::atomic<uint16_t>> chosen,
                     broker_of broker = plain_broker);

} // namespace darkroom
