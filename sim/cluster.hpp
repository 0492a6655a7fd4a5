/// The nodes of a simulated cluster, with faults and orders for them.
#pragma once

#include "actors/dispatcher.hpp"
#include "sim/process.hpp"

#include <memory>
#include <string>
#include <vector>

namespace darkroom::sim {

class cluster {
public:
  explicit cluster(world in);

  /// Starts all nodes.
  void start();

  /// Heals everything that is broken. Nothing breaks after that.
  void heal();

  // -- faults; each does nothing if it is impossible now
  void kill_main(microseconds down_for);
  void kill_worker(uint32_t index, microseconds down_for);
  void freeze_main(microseconds duration);
  void freeze_worker(uint32_t index, microseconds duration);
  /// Kills an actor of the active main node, or of a worker.
  void kill_main_actor(role which);
  void kill_worker_actor(uint32_t index, role which);

  // -- orders; each does nothing if it is impossible now
  /// TERM: the process drains, ends and is restarted.
  void stop_main(microseconds down_for);
  void stop_worker(uint32_t index, microseconds down_for);
  void cordon_worker(uint32_t index, microseconds duration);

  /// The active main process; null if there is none or if it is frozen.
  main_process_ptr active() const;
  std::vector<process_ptr> workers() const;

private:
  struct node {
    std::string name;
    bool is_main = false;
    process_ptr now; ///< null: it is down
  };

  void boot(node& x);
  void boot_later(node& x, microseconds delay);
  void end(node& x, microseconds down_for);
  void freeze(node& x, microseconds duration);
  void watch_root(node& x);
  void stop(node& x, role which, microseconds down_for);
  void check_clean_end(const main_process& x);
  void uncordon(node& x);
  void kill_actor(const process& x, role which);

  // -- main nodes
  void stand_by(node& x, const main_process_ptr& mine);
  void take_over(node& x, const main_process_ptr& mine, uint64_t fence,
                 bool was_silent);
  main_process_ptr main_of(const node& x) const;
  node* active_node();
  node& worker(uint32_t index);

  world in_;
  std::vector<node> nodes_; ///< never grows once started: nodes are referred to
};

} // namespace darkroom::sim
