/// How many jobs the dispatcher may claim now. Sends no messages.
#pragma once

#include "actors/lease_table.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace darkroom {

/// A claim that was sent to Redis and has no answer yet.
struct pending_claim {
  uint32_t wanted = 0;
  reservation slots;    ///< where the jobs will run
  uint32_t settles = 0; ///< ended jobs that its script settles first
  uint64_t number = 0;  ///< of this claim, in the order of sending
  int64_t sent = 0;     ///< ms; 0 if the claim waits for work first
};

/// Counts everything that limits the next claim: slots, permits, the limit that
/// Redis reports, claims without an answer yet, claims whose answer was lost,
/// and jobs that were set aside. Not thread-safe; belongs to one DISPATCHER.
class claim_budget {
public:
  /// @param has_limit whether the queue limits starts: then each claim needs
  /// permits
  explicit claim_budget(bool has_limit = false);

  // -- claims on their way

  /// How many jobs may be claimed so that no more are active in Redis than
  /// there are slots. An ended job stays active until it is settled, so it
  /// counts unless the same script settles it first.
  /// @param settles ended jobs that the script settles before it claims
  uint32_t allowance(const lease_table& table, uint32_t settles = 0) const;

  /// Reserves slots and spends permits for a claim that is about to be sent.
  /// @param wanted   at most `allowance`; 0 opens nothing
  /// @param settles  see `allowance`
  /// @param sent     ms; 0 if the claim waits for work first
  pending_claim open(lease_table& table, uint32_t wanted, uint32_t settles,
                     int64_t sent);

  /// Frees the slots of a claim that was answered or will not be.
  void close(lease_table& table, const pending_claim& what);

  uint32_t pending() const {
    return pending_;
  }

  // -- claims whose answer was lost

  /// Notes a lost claim. Redis may have claimed its jobs, which count as active
  /// until orphans have been given back.
  void doubt(uint32_t wanted);
  void end_doubt();

  uint32_t doubtful() const {
    return doubtful_;
  }

  // -- limits

  /// Allows no start before this time (ms). A time earlier than the known one
  /// changes nothing.
  void limit_until(int64_t time);
  bool is_limited(int64_t now) const;

  /// Forgets a limit that is over; then jobs that waited for it are expected.
  void lift_limit(int64_t now);

  int64_t limited_until() const {
    return limited_until_; // ms; 0 = no limit
  }

  bool lacks_permits() const;
  void grant(uint32_t permits);

  // -- what the queue has

  /// Learns from a claim's answer about the queue.
  /// @returns names of waiting jobs that no node runs, each only once
  std::vector<std::string> learn(const pending_claim& asked,
                                 const store_reply& reply,
                                 const lease_table& table);

  /// Expects work if a job that was set aside has a free slot by now. Redis
  /// does not know when a slot becomes free.
  void look_aside(const lease_table& table);

  /// Whether a claim would probably find jobs, so that nobody has to wait for
  /// the watcher.
  bool expects_work() const {
    return expects_work_;
  }

  void expect_work() {
    expects_work_ = true;
  }

  int64_t next_due() const {
    return next_due_; // ms; the next delayed job, 0 = none
  }

private:
  bool has_limit_;
  uint32_t permits_ = 0;
  int64_t limited_until_ = 0;

  uint32_t pending_ = 0;
  uint32_t doubtful_ = 0;
  uint64_t opened_ = 0; ///< claims so far
  /// Ended jobs in pending scripts whose places these scripts fill again.
  uint32_t replaced_ = 0;

  bool expects_work_ = true;
  int64_t next_due_ = 0;
  /// Names of jobs that were set aside because all their slots were taken, each
  /// with the number of claims opened by then.
  std::map<std::string, uint64_t> aside_;
  std::set<std::string> homeless_; ///< names of jobs that no node runs
};

} // namespace darkroom
