/// One queue in BullMQ's layout: the typed interface of the Lua scripts. Only
/// this code and the scripts know how BullMQ stores its jobs.
#pragma once

#include "config/queue_context.hpp"
#include "config/settings.hpp"
#include "messages/cluster.hpp"
#include "messages/provider_call.hpp"
#include "messages/settlement.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"
#include "services/redis/queue_counts.hpp"
#include "services/redis/stored_job.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace darkroom {

/// Where the claimed jobs begin in the answer of step.lua.
inline constexpr size_t first_claimed = 6;

/// Not thread-safe: one connection. Every call blocks for at most the Redis
/// time limits. Times are ms since the epoch and come from the caller.
class job_queue {
public:
  /// @param client_name for CLIENT SETNAME; only blocking connections have one
  job_queue(const redis_settings& redis, queue_settings queue,
            queue_context context = {}, std::string client_name = {});

  /// Connects if there is no connection.
  /// @returns why nothing can be sent
  status reach() {
    return connection_.ensure();
  }

  /// Connects and loads what `step` needs, so that the first step does not
  /// spend time on it: the step's `now` must not be old when its script runs.
  status prepare() {
    return connection_.prepare("step.lua");
  }

  /// Writes the updates in their order, settles, and claims, all in one script
  /// and one round trip. Only a step with more than 1000 updates, or more than
  /// 1 MB of them, takes several: all but the last write only updates.
  result<store_reply> step(const store_step& step, int64_t now);

  /// Renews the locks of running jobs for another lock duration.
  /// @returns the ids of leases that are lost to another
  result<std::vector<std::string>> renew(const renew_leases& what, int64_t now);

  /// BullMQ's stalled check.
  /// @param running what the caller runs: these get expired locks back
  /// @returns the ids that were recovered
  result<std::vector<std::string>>
  recover_stalled(int64_t now, const renew_leases& running = {});

  /// Gives back the jobs that are locked by tokens beginning with
  /// `token_prefix` and are not in `running`. @returns their ids
  result<std::vector<std::string>>
  return_orphans(const std::string& token_prefix,
                 const std::vector<std::string>& running, int64_t now);

  // -- limits (queue_limits.cpp)
  /// Takes over the limits that `queue_context::live` has now. All calls that
  /// depend on limits do so first.
  /// @returns whether they are others than before
  bool follow_limits();

  /// Writes this process's limits where `explain` finds them, so that every
  /// process explains a job by the limits of the one that starts it.
  status tell_limits();

  // -- calls to providers (provider_calls.cpp)
  /// Books a call of a running job, or finds the answer.
  result<provider_permit> book_call(const provider_query& call, int64_t now);

  /// Takes what became of a call that was booked.
  result<provider_news> report_call(const provider_report& call, int64_t now);

  /// Lets the jobs that wait for a provider of this resource go on.
  /// @param of_providers also ends the rest of the providers
  /// @returns the profiles whose rest has ended
  result<std::vector<std::string>> end_rest(const std::string& resource,
                                            bool of_providers, int64_t now);

  /// Adds jobs. @returns their ids; if a job's id or deduplication id is taken,
  /// the id of the job that has it, see `existed`
  result<std::vector<std::string>> add(const std::vector<new_job>& jobs,
                                       int64_t now);

  /// Like `add`, but does not wait: `receive_ids` returns the ids, one call
  /// after the other. Make no other call in between.
  status send_add(const std::vector<new_job>& jobs, int64_t now);
  result<std::vector<std::string>> receive_ids();

  /// How many jobs of the last answer were there already.
  uint64_t existed() const {
    return existed_;
  }

  /// Waits for BullMQ's wake-up marker, at most until `deadline` (ms).
  /// @returns true if there may be work, false at the deadline
  result<bool> wait_for_marker(int64_t deadline, int64_t now,
                               const wake_signal& wake);

  /// Sets the marker again: the lost answer of an interrupted wait may have
  /// held it.
  status restore_marker();

  /// Pauses or resumes the queue; running jobs continue.
  status set_paused(bool is_paused);

  result<queue_counts> counts();

  /// The jobs that wait for a node that runs them.
  result<std::vector<aside_count>> count_aside(int64_t now);

  /// Jobs of one state ("waiting", "active", …): finished jobs newest first,
  /// other jobs in the order in which they will run.
  result<std::vector<stored_job>> list(const std::string& state,
                                       uint32_t offset, uint32_t limit);

  /// One field of a job's hash; empty if there is none.
  result<std::string> field(const std::string& job_id, const std::string& name);

  /// Where a job is and what it waits for, as JSON (explain_job.lua); empty if
  /// there is no such job.
  result<std::string> explain(const std::string& job_id, int64_t now);

  redis_connection& connection() {
    return connection_;
  }
  const queue_keys& keys() const {
    return keys_;
  }

private:
  /// Calls step.lua with these updates instead of those in `rest`.
  result<redis_reply> call_step(std::span<const job_update> updates,
                                const store_step& rest, int64_t now);
  result<std::vector<std::string>> ids_of(result<redis_reply> reply);
  result<std::vector<std::string>> added_ids(result<redis_reply> reply);

  /// How long answers of this resource are kept, ms; 0 = not.
  int64_t kept_for(const std::string& resource) const;

  // -- job schedulers (advance_scheduler.cpp)
  /// Adds the next iterations of the job schedulers whose jobs a claim took.
  status advance_schedulers(const redisReply& claimed, int64_t now);
  status advance_scheduler(const std::string& taken_id,
                           const std::string& scheduler,
                           std::string_view options, int64_t now);

  redis_connection connection_;
  queue_settings settings_;
  queue_context context_;
  queue_keys keys_;
  uint64_t existed_ = 0; ///< see `existed`
  std::string limits_text_;
  uint64_t round_ = 0; ///< of `queue_context::live`, whose limits these are
};

} // namespace darkroom
