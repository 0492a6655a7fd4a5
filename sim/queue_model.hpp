/// A queue in memory that does what the scripts in services/redis/lua do.
/// tests/sim/queue_model_test.cpp compares it with them on a real Redis.
#pragma once

#include "config/settings.hpp"
#include "messages/cluster.hpp"
#include "messages/settlement.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace darkroom::sim {

/// The model leaves out flows, schedulers, limits of resources, retention,
/// progress, logs and events.
///
/// Lists have Redis's order: index 0 is the head, and the last job runs next.
/// There are two times, both in ms: callers pass `now`; `clock` is Redis's own,
/// by which keys expire.
class queue_model {
public:
  static constexpr int64_t delayed_ties = 4096; ///< scores per millisecond

  using strings = std::vector<std::string>;
  using ranking = std::set<std::pair<int64_t, std::string>>; ///< by score

  struct item {
    /// The job that a claim would give, without the token; `attempt` is `ats`,
    /// `attempts_made` is `atm`.
    job fields;
    uint32_t stalled = 0; ///< stc
    std::string lock;     ///< its owner, empty: none; may have expired
    int64_t lock_end = 0;
    std::string deduplication; ///< id; empty: none
  };

  bool is_blocked() const {
    return is_paused || (concurrency > 0 && active.size() >= concurrency);
  }

  /// The owner of the job's lock; empty without a lock.
  std::string owner_of(const std::string& id) const;

  // -- for producers and operators

  /// @returns the id, or the id of the job that exists already
  std::string add(const new_job& x, int64_t now,
                  const std::string& deduplication = {});

  /// Puts an ended job back in line. @returns whether it had ended
  bool retry(const std::string& id, bool is_fresh);
  bool promote_one(const std::string& id);
  /// @returns false if it runs
  bool remove(const std::string& id);
  void set_paused(bool paused);

  // -- for job stores

  /// Settles, then claims.
  store_reply step(const store_step& what, int64_t now);
  /// @returns the ids whose lock belongs to another
  strings renew(const renew_leases& what);
  /// @returns the ids that were recovered; none before the interval has passed
  strings check_stalled(const renew_leases& running);
  /// @returns the ids that were given back
  strings return_orphans(const struct return_orphans& what);

  queue_settings settings;
  int64_t clock = 0;

  std::map<std::string, item> jobs;
  std::map<std::string, std::string> owners; ///< of deduplication ids
  strings wait, active;
  ranking prioritized, delayed;
  std::set<std::string> completed, failed, suspects;
  bool is_paused = false;
  size_t concurrency = 0; ///< 0 = no limit
  int64_t rank_count = 0; ///< the key "pc"
  uint64_t id_count = 0;  ///< the key "id"
  int64_t next_check = 0; ///< when the key "stalled-check" expires

  bool is_marked = false;     ///< the marker's member "0"
  bool is_due_marked = false; ///< its member "1"

  std::multiset<int64_t> starts; ///< our record, `now` of the claims
  uint32_t limiter = 0;          ///< BullMQ's counter of starts …
  int64_t limiter_end = 0;       ///< … and when it expires

private:
  struct allowed {
    bool is_limited = false;
    uint32_t free = 0;
    int64_t until = 0; ///< ms; if none is free
  };

  settle_status check(const settlement& x) const;
  settle_status settle(const settlement& x, int64_t now);
  void claim(uint32_t wanted, const std::string& token, int64_t now,
             store_reply& reply);
  allowed allowance(int64_t now);
  void record_starts(uint32_t count, int64_t now);
  void promote(int64_t now);
  strings pop(size_t wanted);
  job start(const std::string& id, const std::string& token);
  void leave(const settlement& x, int64_t now);
  void line_up(const std::string& id, bool first);
  void delay(const std::string& id, int64_t due);
  void wake_unless_blocked();
  void release(const std::string& id);
  void unlock(const std::string& id);
  bool take_back(const std::string& id, const renew_leases& running);
};

} // namespace darkroom::sim
