/// What nodes tell each other about themselves and their actors.
#pragma once

#include "messages/versioned.hpp"

#include <caf/actor_control_block.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Something that must be equal on all nodes that work on the same queue.
struct node_trait {
  std::string what;  ///< "uploads folder"
  std::string value; ///< this is compared; empty: this node has none
  std::string where; ///< a path for people, may differ or be empty
  /// The value is a default that nobody chose. If a main node runs no jobs, its
  /// workers may then have chosen another value.
  bool is_default = false;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_trait& x) {
  return versioned(f, "node_trait", x, x.what, x.value, x.where, x.is_default);
}

/// A worker node introduces itself to a main node.
struct node_hello {
  uint32_t protocol = 0; ///< that it speaks
  std::string name;
  std::string boot_id; ///< random, new with every process
  uint32_t concurrency = 0;
  std::string version; ///< of darkroom, for people
  std::vector<std::string> labels;
  std::vector<std::string> job_types; ///< names of the job types it runs
  uint64_t memory = 0;                ///< of its machine, bytes
  /// Its operator allows chaos: killing actors and cutting the connection.
  bool allows_chaos = false;
  std::string machine; ///< this and the next two: see `process_identity`
  int64_t pid = 0;
  std::string started;
  std::vector<node_trait> traits = {}; ///< only those that concern it
  /// The file beside the pictures that the main node asked for, and the id in
  /// it; see `main_mark`. Without an id: there is none.
  std::string mark_name = {};
  std::string mark = {};
  bool is_mark_unread = false; ///< the storage did not tell
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_hello& x) {
  return versioned(f, "node_hello", x, x.protocol, x.name, x.boot_id,
                   x.concurrency, x.version, x.labels, x.job_types, x.memory,
                   x.allows_chaos, x.machine, x.pid, x.started, x.traits,
                   since<12>(x.mark_name), since<12>(x.mark),
                   since<12>(x.is_mark_unread));
}

/// The main node's answer.
struct node_welcome {
  std::string refusal; ///< not empty: why the node may not join
  std::string boot_id; ///< of the main node's process
  /// The DISPATCHER; null while it restarts. Untyped because a typed handle
  /// needs a type id, which needs the interfaces, which need this header.
  caf::strong_actor_ptr dispatcher;
  /// Not empty: the node has not joined yet. It shall read this file beside the
  /// pictures, and say hello again with what it found.
  std::string mark_name = {};
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_welcome& x) {
  return versioned(f, "node_welcome", x, x.refusal, x.boot_id, x.dispatcher,
                   since<12>(x.mark_name));
}

/// A node has ended or was silent for too long: its jobs go to other nodes.
struct node_lost {
  std::string name;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_lost& x) {
  return versioned(f, "node_lost", x, x.name);
}

/// A child of a supervisor.
struct child_status {
  std::string name;
  bool running = false;
  uint64_t restarts = 0;
  int64_t age_ms = 0;   ///< since its last start; 0 while it does not run
  uint64_t mailbox = 0; ///< messages that wait for it
  /// How long the child took to answer how many messages wait. It answers this
  /// before all other messages, so its work of that moment took, or takes, this
  /// long.
  int64_t lag_ms = 0;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_status& x) {
  return versioned(f, "child_status", x, x.name, x.running, x.restarts,
                   x.age_ms, x.mailbox, x.lag_ms);
}

struct child_list {
  std::string strategy; ///< "one_for_one", …
  std::vector<child_status> children;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, child_list& x) {
  return versioned(f, "child_list", x, x.strategy, x.children);
}

/// A pool's actor for blocking jobs.
struct processor_status {
  std::string job_id;  ///< of its job; empty while idle
  int64_t busy_ms = 0; ///< since the job began
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, processor_status& x) {
  return versioned(f, "processor_status", x, x.job_id, x.busy_ms);
}

/// What a pool is doing.
struct pool_status {
  uint32_t slots = 0;
  uint32_t running = 0; ///< jobs
  bool is_cordoned = false;
  std::string order; ///< id of the last order that it obeyed
  std::vector<processor_status> processors; ///< those it has started
  /// Runs that ended by themselves, well or badly, since the pool began; -1:
  /// the node does not tell.
  int64_t done = -1;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, pool_status& x) {
  return versioned(f, "pool_status", x, x.slots, x.running, x.is_cordoned,
                   x.order, x.processors, since<12>(x.done));
}

/// The state of a node, sent with every heartbeat.
struct node_report {
  std::string name;
  pool_status pool;
  child_list actors;
  double load = 0;     ///< of its machine, over the last minute
  uint64_t memory = 0; ///< of its process, bytes
  int64_t clock = 0;   ///< ms, when it was sent
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_report& x) {
  return versioned(f, "node_report", x, x.name, x.pool, x.actors, x.load,
                   x.memory, x.clock);
}

/// Stops or resumes giving new jobs to a node. Running jobs continue.
struct node_order {
  std::string name;
  bool is_cordoned = false;
  std::string id; ///< its sender looks for this in reports; may be empty
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_order& x) {
  return versioned(f, "node_order", x, x.name, x.is_cordoned, x.id);
}

/// What chaos does to a worker node, to test whether the cluster recovers.
enum class chaos_action : uint8_t {
  kill_actor,
  cut, ///< closes the connection to the main node for some time
};

/// Makes a node that allows it lose an actor or its connection.
struct chaos_order {
  std::string name; ///< of the node
  chaos_action action = chaos_action::kill_actor;
  std::string actor;       ///< to kill: a role, or "processor" for any one
  int64_t duration_ms = 0; ///< of a cut
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, chaos_order& x) {
  return versioned(f, "chaos_order", x, x.name, x.action, x.actor,
                   x.duration_ms);
}

/// What became of an order.
struct chaos_answer {
  bool is_known = false; ///< the node exists
  std::string refusal;   ///< not empty: why it was not passed on
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, chaos_answer& x) {
  return versioned(f, "chaos_answer", x, x.is_known, x.refusal);
}

/// A node as the registry sees it.
struct node_status {
  node_hello hello;
  node_report report;
  int64_t last_seen = 0;  ///< ms
  int64_t joined = 0;     ///< ms
  int64_t clock_skew = 0; ///< ms its clock is ahead; includes the message's way
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_status& x) {
  return versioned(f, "node_status", x, x.hello, x.report, x.last_seen,
                   x.joined, x.clock_skew);
}

struct node_list {
  std::vector<node_status> nodes;
};

template <class Inspector>
typename Inspector::result_type inspect(Inspector& f, node_list& x) {
  return versioned(f, "node_list", x, x.nodes);
}

} // namespace darkroom
