/// Matches free slots with jobs, keeps the leases, settles outcomes.
#pragma once

#include "actors/claim_budget.hpp"
#include "actors/directory.hpp"
#include "actors/dispatcher_options.hpp"
#include "actors/job_figures.hpp"
#include "actors/job_traces.hpp"
#include "actors/kept_results.hpp"
#include "actors/lease_table.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>

namespace darkroom {

/// What stores do besides steps. Both stores take steps in turn.
enum class store_task { updates, orphans, renewal, stalled_check, call };

/// Data and logic of a DISPATCHER.
///
/// A job's lease has four states. First the job is claimed. Then it runs and
/// holds a slot. When its outcome arrives it has ended, and may wait until its
/// updates are stored and its rows committed. When it is settled, the lease is
/// erased and the pool is told, which has kept the outcome until then.
///
/// Slots are reserved before a claim is sent, so every claimed job has a place.
/// If pools run different jobs, another claim's job may have taken that place;
/// then the job goes back. A claim whose reply was lost may have taken jobs,
/// too; `reap_now` gives them back.
class dispatcher_state {
public:
  static inline const char* name = "dispatcher";

  explicit dispatcher_state(dispatcher_actor::pointer self);

  void init(directory_ptr peers, dispatcher_options options);

  // -- messages
  void join(const processor_pool_actor& pool, const pool_hello& hello);
  void leave(const caf::actor_addr& pool);
  void leave(const std::string& node);
  void take_outcomes(const caf::actor_addr& pool, outcome_batch& batch);
  void store_updates(update_batch& batch);
  id_list cancel(const cancel_jobs& jobs);
  caf::result<provider_permit> book(const provider_query& call);
  caf::result<provider_news> take_report(const provider_report& call);
  dispatch_status look();
  caf::result<drain_report> drain(int64_t grace_ms);

  // -- internal messages
  void pump();
  void renew();
  void check_stalled();
  void request_reap();
  void hand_back_rest();

  /// The current handle of the store for this task.
  job_store_actor store_for(store_task what) const;

  /// Null if this process has none.
  catalog_actor catalog() const {
    return peers_->find<catalog_actor>(role::catalog);
  }

  /// For simulations, which compare the leases with the queue.
  const lease_table& leases() const {
    return table_;
  }

private:
  /// Publishes it and tells the operators.
  void tell(const provider_alert& what);
  /// Lets jobs that wait for a provider try it: a node that has joined may have
  /// another key or model.
  void wake_waiting();

  /// A settlement on its way, with the updates that are written before it.
  struct ending {
    settlement how;
    std::vector<job_update> updates;
    bool resent = false; ///< an earlier try had no answer and may have worked
    int64_t since = span_clock();
  };

  struct store_slot {
    role which;
    bool is_busy = false;
  };

  // -- timing (dispatcher.cpp)
  void pump_in(std::chrono::milliseconds delay);
  std::string next_token();

  // -- claims (dispatcher_claims.cpp)
  bool may_claim() const;
  void send_step(store_slot& store);
  void on_step_answer(store_slot& store, std::vector<ending> batch,
                      const pending_claim& asked, store_reply reply);
  void send_watch();
  void on_watch_answer(const pending_claim& asked, store_reply reply);
  void on_claim_answer(const pending_claim& asked, store_reply reply);
  void start_jobs(std::vector<job> jobs);
  std::vector<ending> next_endings();
  uint32_t slotless_of(const std::vector<ending>& batch);
  std::vector<slot_group> groups_of(const pending_claim& what) const;

  // -- outcomes, and commits before they are settled (dispatcher_outcome.cpp)
  void refuse(const outcome& ended);
  void commit_or_settle(lease& x, outcome ended);
  void commit(lease& x, outcome ended);
  void on_committed(const commit_result& stored, lease& x, outcome ended);
  void note_failure(part_note what);
  void on_noted();
  void repeat_lost();

  // -- settlements (dispatcher_settle.cpp)
  void queue_settlement(lease& x, outcome ended);
  void on_settled(const ending& what, settle_status how);
  void drop_lease(const std::string& key);
  void acknowledge(const caf::actor_addr& pool, uint64_t serial);
  void send_acknowledged();
  void send_events();
  void tell_failure(const lease& x, const settlement& how);

  // -- leases (dispatcher_leases.cpp)
  void stop_late_run(const lease& x, const processor_pool_actor& pool);
  void void_lease(const std::string& key);
  void give_back(const std::string& key, bool runner_died);
  renew_leases own_leases() const;
  void renew_now();

  // -- orphans (dispatcher_orphans.cpp)
  void lose_claim(uint32_t wanted);
  void reap_later(std::chrono::milliseconds delay);
  void reap_now();

  // -- limits and trouble (dispatcher_limits.cpp)
  void ask_permits();
  void report_claim(const pending_claim& asked, const store_reply& reply);
  /// @param started ms; when the jobs of the used permits started
  void report_permits(uint32_t used, uint32_t unused, int64_t limited_until,
                      int64_t started);
  /// @param failure why a request to Redis failed; empty: it succeeded
  void note_trouble(const std::string& failure);
  bool is_asking() const; ///< whether Redis has something to do now

  // -- drain (dispatcher_drain.cpp)
  void finish_drain();

  // Given at the start.
  dispatcher_actor::pointer self_;
  directory_ptr peers_;
  dispatcher_options options_;

  // What it knows about jobs. These objects send no messages.
  lease_table table_;
  claim_budget budget_;
  kept_results kept_;

  // To be sent: settlements with the next steps, events at the end of a step,
  // and to each pool the serials of the outcomes that it may forget.
  std::deque<ending> endings_;
  event_batch events_;
  std::map<caf::actor_addr, std::vector<uint64_t>> acknowledged_;

  // Requests without an answer yet. Each of these peers gets one at a time.
  store_slot stores_[2] = {{role::job_store_a}, {role::job_store_b}};
  bool is_watching_ = false;
  bool is_asking_permits_ = false;
  bool is_reaping_ = false;

  // When to look for orphans: before the next claim, and once a lost claim can
  // no longer be executed late. While pools are being adopted, no job counts as
  // an orphan.
  bool is_reap_wanted_ = false;
  caf::actor_clock::time_point reap_at_; ///< the latest planned search
  bool is_adopting_ = false;

  // When the next delayed pump comes; empty if none is planned.
  std::optional<caf::actor_clock::time_point> pump_at_;

  // State for operators. Each failure is logged only once until Redis works
  // again.
  int64_t last_fetch_ = 0; ///< ms; when a claim was last answered
  std::string trouble_;    ///< the last failure; empty while Redis works
  std::set<std::string> logged_troubles_;
  job_figures figures_;
  job_traces traces_;

  // The drain: whether it has begun, whether its grace time is over, its
  // result, and who waits for it.
  bool is_draining_ = false;
  bool is_overdue_ = false;
  drain_report report_;
  caf::typed_response_promise<drain_report> drained_;

  // For the tokens of claims, which are never used twice, and the jitter of
  // retries.
  std::string token_start_;
  uint64_t tokens_ = 0;
  std::mt19937_64 random_;
};

dispatcher_actor::behavior_type
dispatcher(dispatcher_actor::stateful_pointer<dispatcher_state> self,
           directory_ptr peers, dispatcher_options options);

} // namespace darkroom
