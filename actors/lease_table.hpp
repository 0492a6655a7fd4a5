/// What the dispatcher knows about which job runs where. Sends no messages.
#pragma once

#include "actors/lease.hpp"

#include <caf/actor_addr.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace darkroom {

/// A pool and its slots.
struct pool_entry {
  processor_pool_actor pool;
  std::string node;
  uint32_t slots = 0;
  uint32_t used = 0;
  size_t kind = 0; ///< what it runs: an index into the table's kinds
};

/// The number of slots reserved for a claim, per kind of pools.
using reservation = std::vector<uint32_t>;

/// Not thread-safe; belongs to one DISPATCHER.
class lease_table {
public:
  /// Adds a pool, or changes its number of slots and its job types.
  void join(const processor_pool_actor& pool, const std::string& node,
            uint32_t slots, std::vector<std::string> job_types = {});

  /// Removes a pool. @returns the keys of the jobs that ran there
  std::vector<std::string> leave(const caf::actor_addr& pool);

  /// The node of a pool; empty if the pool is not here.
  std::string node_of(const caf::actor_addr& pool) const;

  /// The pools of a node.
  std::vector<caf::actor_addr> pools_of(const std::string& node) const;

  /// The pool for a job, null if no pool has a free slot for it. A pool that
  /// runs fewer job types comes before one that runs more; among equals, the
  /// one with most free slots is taken.
  /// @param takes_unknown whether a job that no pool runs may go to any pool
  pool_entry* freest(const std::string& job_name, bool takes_unknown);

  /// Whether a pool runs jobs of this name.
  bool is_run(const std::string& job_name) const;

  /// Whether a pool that runs jobs of this name has a free slot that is not
  /// reserved.
  bool has_room(const std::string& job_name) const;

  /// Whether all pools run the same jobs.
  bool is_uniform() const;

  uint32_t slots() const;      ///< of all pools
  uint32_t free_slots() const; ///< neither used by a job nor reserved

  /// Reserves free slots for jobs that are being claimed. Each call begins with
  /// another kind of pools, so that calls for few slots reach all kinds in
  /// turn.
  reservation reserve(uint32_t wanted);
  void release(const reservation& slots);
  uint32_t reserved() const;

  /// Whether one of the reserved slots is for jobs of this name.
  bool has_slot(const reservation& slots, const std::string& job_name) const;

  /// The reserved slots and the job types they run, for a claim. Kinds of pools
  /// that run fewest job types come first; kinds without a reserved slot are
  /// listed too.
  std::vector<slot_group> groups(const reservation& slots) const;

  /// Adds a lease, which takes a slot of its pool.
  lease& add(lease x);

  lease* find(const std::string& key);
  lease* find(const std::string& job_id, const std::string& token);

  /// The current handle of a pool, null if it has left. A handle from before a
  /// reconnect compares equal but is dead.
  processor_pool_actor present(const caf::actor_addr& pool) const;

  /// Frees the slot; the lease stays until it is erased.
  void free_slot(lease& x);

  void erase(const std::string& key);

  /// All leases by key.
  std::unordered_map<std::string, lease>& all() {
    return leases_;
  }

  const std::unordered_map<std::string, lease>& all() const {
    return leases_;
  }

  /// How many jobs have ended or are going back, and are not settled yet.
  size_t unsettled() const {
    return leases_.size() - holders_;
  }

  const std::vector<pool_entry>& pools() const {
    return pools_;
  }

private:
  pool_entry* entry_of(const caf::actor_addr& pool);

  /// The job types that one kind of pools runs.
  struct pool_kind {
    std::vector<std::string> job_types; ///< sorted; empty = all
    uint32_t reserved = 0;
  };

  size_t kind_of(std::vector<std::string> job_types);
  bool runs(size_t kind, const std::string& job_name) const;
  uint32_t free_of_kind(size_t kind) const;

  std::vector<pool_entry> pools_;
  std::vector<pool_kind> kinds_;
  size_t first_kind_ = 0; ///< of the next reservation
  std::unordered_map<std::string, lease> leases_;
  size_t holders_ = 0; ///< leases that hold a slot
};

} // namespace darkroom
