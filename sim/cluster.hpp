/// The nodes of a simulated cluster, and what can be done to them.
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

  /// What is broken gets well, and nothing breaks any more.
  void heal();

  // -- faults; each does nothing where it cannot
  void kill_main(microseconds down_for);
  void kill_worker(uint32_t index, microseconds down_for);
  void freeze_main(microseconds duration);
  void freeze_worker(uint32_t index, microseconds duration);
  /// An actor of the active main node, or of a worker, dies.
  void kill_main_actor(role which);
  void kill_worker_actor(uint32_t index, role which);

  // -- orders; as the faults
  /// TERM: a drain, then the process ends and is started again.
  void stop_main(microseconds down_for);
  void stop_worker(uint32_t index, microseconds down_for);
  void cordon_worker(uint32_t index, microseconds duration);

  /// The active main process, as long as it is not frozen; may be null.
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
