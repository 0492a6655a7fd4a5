/// What holds only while nothing is under way: what the dispatcher, the pools
/// and the queue know of the jobs that run is the same.
#pragma once

#include "sim/faults.hpp"

#include <string>

namespace darkroom::sim {

class rest_check {
public:
  /// All outlive it.
  rest_check(world in, cluster& nodes, const faults& trouble);

  /// To be called whenever no actor can run. Compares where the last fault is
  /// long over and neither a command nor a message is under way.
  void look();

  /// Whether the present moment is one at which `look` compares.
  bool is_reached();

  /// At the end: no lease, no run, no lock is left.
  void close();

  /// For a play that does not end: the jobs that have not, and where they are.
  std::string what_is_left();

private:
  const dispatcher_state* state_of_dispatcher();
  void compare(const dispatcher_state& dispatcher);

  world in_;
  cluster& nodes_;
  const faults& faults_;
};

} // namespace darkroom::sim
