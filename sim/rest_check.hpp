/// Checks what holds only while nothing is under way: the dispatcher, the pools
/// and the queue agree on the running jobs.
#pragma once

#include "sim/faults.hpp"

#include <string>

namespace darkroom::sim {

class rest_check {
public:
  /// All arguments must outlive this object.
  rest_check(world in, cluster& nodes, const faults& trouble);

  /// Call it whenever no actor can run. Compares only if the last fault is long
  /// over and no command or message is under way.
  void look();

  /// Whether `look` would compare now.
  bool is_reached();

  /// Checks at the end that no lease, run or lock is left.
  void close();

  /// For a play that does not end: the unfinished jobs, and where they are.
  std::string what_is_left();

private:
  const dispatcher_state* state_of_dispatcher();
  void compare(const dispatcher_state& dispatcher);

  world in_;
  cluster& nodes_;
  const faults& faults_;
};

} // namespace darkroom::sim
