/// Which worker nodes are alive.
#pragma once

#include "actors/directory.hpp"
#include "actors/node_traits.hpp"
#include "actors/node_version.hpp"
#include "messages/interfaces.hpp"
#include "services/storage/main_mark.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <functional>
#include <map>
#include <set>
#include <string>

namespace darkroom {

struct node_registry_options {
  std::string boot_id;     ///< of this process
  std::string version;     ///< of Darkroom, for people
  node_traits traits = {}; ///< of this main node
  main_mark mark = {};     ///< beside the pictures; without a name: none
  /// Called when a worker does not find the mark; must not block. It may have
  /// been overwritten, and shall then be written again.
  std::function<void()> check_mark = [] {
  };
  /// Silence after which a node is cut off.
  std::chrono::milliseconds node_timeout{0};
  std::function<int64_t()> now; ///< ms; wall clock, or a test's
};

/// Data and logic of a NODE REGISTRY. CAF's monitor reports a node that ends; a
/// silent node (frozen, or its cable cut) is noticed by its missing pings. If
/// only a node's uplink died, the node's supervisor restarts it: jobs continue
/// there, and the node counts as silent until then.
class node_registry_state {
public:
  static inline const char* name = "node_registry";

  explicit node_registry_state(node_registry_actor::pointer self);

  void init(directory_ptr peers, node_registry_options options);

  /// Notes a node, which may be of another version.
  void greet(uint32_t protocol, const std::string& version,
             const std::string& node);

  const std::string& version() const {
    return options_.version;
  }

  node_welcome join(const caf::strong_actor_ptr& uplink,
                    const node_hello& hello);
  std::string seen(const std::string& node);
  void note(const node_report& report);

  /// @returns whether the node is known
  bool pass_on(const node_order& order);

  /// The same for chaos, but only for a node that allows it.
  chaos_answer pass_on(const chaos_order& order);

  node_list list() const;
  void left(const caf::actor_addr& uplink, const caf::error& reason);
  void cut_off_silent();

private:
  // node_registry_admission.cpp
  /// Why a node may not join, but for its name; empty if it may.
  std::string refuse(const node_hello& hello, const caf::actor_addr& from);
  std::string refuse_version(const node_version& worker) const;
  std::string find_difference(const node_hello& hello) const;
  std::string find_copy(const node_hello& hello) const;
  bool must_read_mark(const node_hello& hello) const;
  void tell_refusal(const std::string& node, const std::string& why);

  struct entry {
    node_status status;
    caf::actor_addr uplink;
    /// When it last sent something. By the actor clock, so that a step of the
    /// wall clock does not make it silent.
    caf::actor_clock::time_point heard = {};
    uint32_t skewed = 0; ///< reports in a row with a wrong clock
  };

  void hear(entry& node);
  void judge_clock(entry& node);
  caf::actor_clock::duration_type silence_of(const entry& node) const;
  void remove(const std::string& node, const std::string& why);

  node_registry_actor::pointer self_;
  directory_ptr peers_;
  node_registry_options options_;
  std::map<std::string, entry> nodes_;
  /// Refused nodes and why, as the log names them.
  std::set<std::string> strangers_;
};

/// Makes a registry reachable for other nodes; must not block. If it fails, it
/// sends `restart` to the registry with the number of tries left.
using publisher = std::function<void(node_registry_actor::pointer, uint32_t)>;

node_registry_actor::behavior_type
node_registry(node_registry_actor::stateful_pointer<node_registry_state> self,
              directory_ptr peers, node_registry_options options,
              publisher publish);

} // namespace darkroom
