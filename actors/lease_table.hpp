/// Which job runs where: the dispatcher's memory, without any messages.
#pragma once

#include "messages/interfaces.hpp"

#include <caf/actor_addr.hpp>

#include <string>
#include <unordered_map>
#include <vector>

namespace darkroom {

/// A job that is locked by us and not yet settled.
struct lease {
  job work; ///< without its data, which the pool has
  std::string image_id;
  std::string file_path;
  processor_pool_actor pool;
  int64_t started = 0;            ///< ms
  bool holds_slot = true;         ///< its outcome has not come yet
  bool lost = false;              ///< the lock is another's: the result is void
  bool cancelled = false;         ///< it fails for good, unless it completes
  bool is_ending = false;         ///< its settlement has no answer yet
  uint64_t serial = 0;            ///< of its outcome; 0 until that is here
  uint32_t updates_in_flight = 0; ///< must be stored before it is settled
};

/// A lease's key. A job that was given back may be claimed anew before the
/// answer to its first settlement is here, so the id alone does not do.
std::string key_of(const std::string& job_id, const std::string& token);

/// A pool and its slots.
struct pool_entry {
  processor_pool_actor pool;
  std::string node;
  uint32_t slots = 0;
  uint32_t used = 0;
  size_t kind = 0; ///< what it runs: index of `lease_table`'s kinds
};

/// Slots that wait for the answer of a claim, by the kind of their pools.
using reservation = std::vector<uint32_t>;

/// Not thread-safe; belongs to one DISPATCHER.
class lease_table {
public:
  /// Adds a pool, or changes its number of slots and what it runs.
  void join(const processor_pool_actor& pool, const std::string& node,
            uint32_t slots, std::vector<std::string> job_types = {});

  /// Removes a pool. @returns the keys of the jobs that ran there
  std::vector<std::string> leave(const caf::actor_addr& pool);

  /// The pools of a node.
  std::vector<caf::actor_addr> pools_of(const std::string& node) const;

  /// The pool for a job: of those with a free slot that run such jobs, one that
  /// runs fewest others, and of these the one with most free slots. Null if
  /// there is none.
  /// @param takes_unknown a job that no pool runs goes to any
  pool_entry* freest(const std::string& job_name, bool takes_unknown);

  /// Whether a pool runs such jobs; whether one of them has a free slot that is
  /// not reserved.
  bool is_run(const std::string& job_name) const;
  bool has_room(const std::string& job_name) const;

  /// Whether all pools run the same jobs.
  bool is_uniform() const;

  /// Slots of all pools, and those neither with a job nor reserved.
  uint32_t slots() const;
  uint32_t free_slots() const;

  /// Takes free slots for jobs that are being claimed; of each kind of pools
  /// first in turn, so that where few are wanted none is left out.
  reservation reserve(uint32_t wanted);
  void release(const reservation& slots);
  uint32_t reserved() const;

  /// Whether one of the reserved slots is for such jobs.
  bool has_slot(const reservation& slots, const std::string& job_name) const;

  /// The reserved slots with what they run, as a claim needs them: first those
  /// that run fewest jobs. Kinds of pools without a reserved slot come, too.
  std::vector<slot_group> groups(const reservation& slots) const;

  /// Takes a slot of the lease's pool.
  lease& add(lease x);

  lease* find(const std::string& key);
  lease* find(const std::string& job_id, const std::string& token);

  /// The present handle of a pool, null if it is none of ours. A handle of
  /// before a connection broke is equal to it, and dead.
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

  /// How many have ended, or go back, and are not erased yet.
  size_t unsettled() const {
    return leases_.size() - holders_;
  }

  const std::vector<pool_entry>& pools() const {
    return pools_;
  }

private:
  pool_entry* entry_of(const caf::actor_addr& pool);

  /// What some pools run.
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
