/// The stage's view of one process of a simulated cluster.
#pragma once

#include <caf/resumable.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace darkroom::sim {

/// A simulated process. A dead one never runs again; its successor is another
/// host of the same node.
struct host {
  enum class condition { running, frozen, dead };

  std::string node; ///< "main-a"
  std::string name; ///< "main-a#2": the node's second process
  condition is = condition::running;
  std::vector<caf::resumable*> parked; ///< actors with mail, while frozen
  std::vector<std::function<void()>> overdue; ///< actions due meanwhile

  bool is_dead() const {
    return is == condition::dead;
  }
};
using host_ptr = std::shared_ptr<host>;

} // namespace darkroom::sim
