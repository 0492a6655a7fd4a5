/// The processes of a simulated cluster. The product's supervisors run the
/// product's actors and, instead of blocking ones, replacements.
#pragma once

#include "actors/directory.hpp"
#include "sim/network.hpp"
#include "sim/redis_server.hpp"
#include "sim/scenario.hpp"
#include "sim/stage.hpp"
#include "sim/store_actors.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace darkroom::sim {

/// Shared by all processes; must outlive them.
struct world {
  stage& on;
  network& net;
  redis_server& redis;
  const scenario& play;
  std::shared_ptr<catalog_rows> catalog = std::make_shared<catalog_rows>();
};

/// One life of a node.
struct process {
  host_ptr home;
  directory_ptr peers = std::make_shared<directory>();
  caf::strong_actor_ptr root; ///< null while it stands by
  bool is_leaving = false;    ///< it got TERM
  std::shared_ptr<std::atomic<bool>> is_cordoned
    = std::make_shared<std::atomic<bool>>(false);
};
using process_ptr = std::shared_ptr<process>;

/// An active main node.
struct main_process : process {
  uint64_t fence = 0;
  std::chrono::milliseconds adoption{0};
  bool has_dispatched = false;
  microseconds dispatching_since{0}; ///< of the current dispatcher
  marker_wait_ptr watch = std::make_shared<marker_wait>();
  caf::strong_actor_ptr registry; ///< published
  std::function<void()> start_anew;
};
using main_process_ptr = std::shared_ptr<main_process>;

/// The prefix of the tokens of a main process's jobs.
std::string tokens_of(const host& home);

/// Starts the control plane, like main_children in nodes/trees.cpp.
void start_main(world& in, const main_process_ptr& x);

/// Finds the main process that listens under a name; null if none does.
using find_main = std::function<main_process_ptr(const std::string& node)>;

/// Starts an uplink and a pool, like `darkroom work`.
void start_worker(world& in, const process_ptr& x, const find_main& find);

} // namespace darkroom::sim
