/// Runs the actors of all simulated processes, in one actor system on CAF's
/// test scheduler, with a virtual clock, an agenda and dice.
#pragma once

#include "sim/dice.hpp"
#include "sim/host.hpp"
#include "sim/trace.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_control_block.hpp>
#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace darkroom::sim {

class stage {
public:
  using action = std::function<void()>;

  stage(uint64_t seed, bool prints);

  caf::actor_system& system() {
    return system_;
  }
  dice& random() {
    return random_;
  }

  // -- time
  /// Since the start.
  microseconds now() const;
  /// The wall clock, on which all hosts agree.
  int64_t now_ms() const;
  void in(microseconds delay, action what);
  /// Does `what` later, if the host still lives; if it is frozen, once it runs
  /// again.
  void in(const host_ptr& where, microseconds delay, action what);

  // -- hosts and their actors
  host_ptr start_host(const std::string& node);
  void freeze(const host_ptr& x);
  void thaw(const host_ptr& x);
  /// Like SIGKILL: none of its actors runs again or hears of it.
  void kill(const host_ptr& x);

  /// Makes the actor belong to the host. @returns the actor
  template <class Handle>
  Handle cast(const host_ptr& home, const char* part, Handle actor) {
    auto* control = caf::actor_cast<caf::actor_control_block*>(actor);
    players_[control->id()] = {home, part};
    return actor;
  }

  /// The actor's thread waits and takes no message before `unblock`.
  void block(caf::actor_id who);
  void unblock(caf::actor_id who);

  // -- the play
  /// A random actor takes one message. @returns false if none can
  bool step();
  /// Moves the clock to the next action on the agenda, and does it.
  /// @returns false if the agenda is empty
  bool advance();

  /// Reports a violation. Only the first one counts.
  void blame(const std::string& what);
  const std::string& violation() const {
    return violation_;
  }
  uint64_t steps() const {
    return steps_;
  }

  template <class... Ts>
  void tell(const Ts&... words) {
    trace_.line(now(), {std::string_view{words}...});
  }
  std::string hash() const {
    return trace_.hash();
  }

private:
  struct player {
    host_ptr home;
    const char* part = "";
  };

  struct config : caf::actor_system_config {
    config();
  };

  /// When the clock or the agenda is due next; max: never.
  microseconds next_time() const;
  void collect();
  bool is_ready(caf::resumable* job);
  void tell_step(caf::resumable* job);
  void run_one();

  trace trace_;
  dice random_;
  config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  std::multimap<microseconds, action> agenda_;
  std::unordered_map<caf::actor_id, player> players_;
  std::unordered_map<std::string, int> starts_; ///< by node
  std::set<caf::actor_id> blocked_;
  std::map<caf::actor_id, caf::resumable*> waiting_; ///< blocked, with mail
  std::vector<caf::resumable*> ready_;
  std::string violation_;
  uint64_t steps_ = 0;
};

} // namespace darkroom::sim
