/// Restarts actors that end, each on its own (one_for_one in Erlang/OTP).
#pragma once

#include "messages/interfaces.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// One child. `start` spawns the child, sets it in the node's directory and
/// returns its handle. It runs in the supervisor and must not block.
struct child_spec {
  std::string name;
  std::function<caf::strong_actor_ptr()> start;
};

struct supervisor_options {
  /// More restarts than this within `period` are a fault that restarts do not
  /// cure. Then the supervisor itself fails and its parent decides.
  uint32_t max_restarts = 10;
  std::chrono::milliseconds period{10000};
  /// The first restart is immediate. The delay doubles with each further
  /// restart of the same child, until the child has run for `period`.
  std::chrono::milliseconds delay_min{10};
  std::chrono::milliseconds delay_max{2000};
  /// How often the supervisor asks for the children's mailboxes. This is cheap
  /// and only for people.
  std::chrono::milliseconds look_interval{1000};
  /// A child that does not stop within this time is killed.
  std::chrono::milliseconds stop_timeout{5000};
};

/// Data and logic of a SUPERVISOR. Children start in order and stop in reverse
/// order, each after the next one has ended.
class supervisor_state {
public:
  static inline const char* name = "supervisor";

  explicit supervisor_state(supervisor_actor::pointer self) : self_(self) {}

  void init(std::vector<child_spec> specs, supervisor_options options);

  child_list list() const;

  /// A child ended.
  void down(const caf::down_msg& message);

  /// Restarts child `index`.
  void restart_child(uint32_t index);

  /// Ends all children in reverse order, then this actor.
  void stop(caf::error reason);

  /// Asks all children for the state of their mailboxes.
  void look_at_mailboxes();

  /// Kills child `index` if it still has not stopped.
  void kill_overdue(uint32_t index);

private:
  struct child {
    child_spec spec;
    caf::strong_actor_ptr handle; ///< null while it is not running
    uint64_t restarts = 0;
    uint32_t failures = 0; ///< in a row; sets the delay
    caf::actor_clock::time_point started;
    std::optional<caf::actor_clock::time_point> told; ///< to stop
    uint64_t mailbox = 0;
    std::chrono::milliseconds lag{0};                  ///< of its last answer
    std::optional<caf::actor_clock::time_point> asked; ///< no answer since
    bool is_asking = false;
  };

  void start(child& x);
  void look_at_mailbox(child& x);
  std::chrono::milliseconds since(caf::actor_clock::time_point then) const;
  bool is_too_often();
  std::chrono::milliseconds delay_of(child& failed);
  void stop_next();

  supervisor_actor::pointer self_;
  supervisor_options options_;
  std::vector<child> children_;
  std::deque<caf::actor_clock::time_point> history_;
  caf::error stop_reason_;
  bool stopping_ = false;
};

supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
           std::vector<child_spec> specs, supervisor_options options);

} // namespace darkroom
