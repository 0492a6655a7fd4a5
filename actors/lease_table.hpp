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
  uint32_t updates_in_flight = 0; ///< must be stored before it is settled
  std::vector<outcome> waiting;   ///< none or one: came before its updates
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
};

/// Not thread-safe; belongs to one DISPATCHER.
class lease_table {
public:
  /// Adds a pool or changes its number of slots.
  void join(const processor_pool_actor& pool, const std::string& node,
            uint32_t slots);

  /// Removes a pool. @returns the keys of the jobs that ran there
  std::vector<std::string> leave(const caf::actor_addr& pool);

  /// The pools of a node.
  std::vector<caf::actor_addr> pools_of(const std::string& node) const;

  /// The pool with most free slots, null if there is none.
  pool_entry* freest();

  /// Slots of all pools, and those without a job.
  uint32_t slots() const;
  uint32_t free_slots() const;

  /// Takes a slot of the lease's pool.
  lease& add(lease x);

  lease* find(const std::string& key);
  lease* find(const std::string& job_id, const std::string& token);

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

  const std::vector<pool_entry>& pools() const {
    return pools_;
  }

private:
  pool_entry* entry_of(const caf::actor_addr& pool);

  std::vector<pool_entry> pools_;
  std::unordered_map<std::string, lease> leases_;
};

} // namespace darkroom
