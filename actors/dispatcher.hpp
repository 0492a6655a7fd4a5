/// Matches free slots with jobs, keeps the leases, settles outcomes.
#pragma once

#include "actors/claim_budget.hpp"
#include "actors/directory.hpp"
#include "actors/kept_results.hpp"
#include "actors/lease_table.hpp"
#include "config/defaults.hpp"
#include "config/settings.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <random>
#include <set>

namespace darkroom {

struct dispatcher_options {
  queue_settings queue;
  worker_settings worker;
  bool publish = true;      ///< tell the EVENT PUBLISHER
  std::string node;         ///< name of this node, for events
  std::string token_prefix; ///< of this process; tokens begin with it
  /// Of all whose jobs may be given back where no pool runs them: this process,
  /// or all main nodes that were active one after the other.
  std::string orphan_prefix;
  /// A restarted dispatcher, or one that takes over, gives the pools this time
  /// to say what they run before it gives back what nobody runs.
  std::chrono::milliseconds adoption = adoption_time;
  std::function<int64_t()> now;       ///< ms; wall clock, or a test's
  std::function<void()> wake_watcher; ///< ends the watcher's wait
  bool is_restart = false; ///< another one died: pools hold jobs of its
  bool is_quiet = false;   ///< the node takes no more jobs
  uint64_t seed = std::random_device{}(); ///< of the jitter of retries
};

/// Data and logic of a DISPATCHER.
///
/// A job's lease: claimed -> runs (holds a slot) -> ended (outcome here; maybe
/// waits for its updates or its commit to be stored) -> settled (erased, and
/// its pool is told: until then the pool keeps the outcome).
///
/// Slots are reserved before a claim is sent, so that a claimed job has a
/// place. Where pools differ another claim's job may have taken it: it goes
/// back then. What a lost reply may have claimed is given back by `reap`.
class dispatcher_state {
public:
  static inline const char* name = "dispatcher";

  explicit dispatcher_state(dispatcher_actor::pointer self);

  void init(directory_ptr peers, dispatcher_options options);

  void join(const processor_pool_actor& pool, const pool_hello& hello);
  void leave(const caf::actor_addr& pool);
  void leave(const std::string& node);
  void end(const caf::actor_addr& pool, outcome_batch& batch);
  id_list cancel(const cancel_jobs& jobs);
  void update(update_batch& batch);
  void pump();
  void renew();
  void check_stalled();
  void request_reap();
  caf::result<drain_report> drain(int64_t grace_ms);
  void hand_back_rest();

  dispatch_status look();

  /// For simulations, which compare them with the queue.
  const lease_table& leases() const {
    return table_;
  }

  /// Who books calls to limited providers.
  job_store_actor store() const;

private:
  /// A settlement on its way, with what its job's lease needs afterwards.
  struct ending {
    settlement how;
    std::vector<job_update> updates;
    bool resent = false; ///< an earlier try got no answer: it may have worked
  };

  struct store_slot {
    role which;
    bool busy = false;
  };

  // -- outcomes (dispatcher_outcome.cpp)
  void finish(lease& x, outcome ended);
  void note_failure(part_note what);
  void note_ended();
  void repeat_lost();
  void refuse(const outcome& ended);
  void close(const std::string& key);
  void tell_settled(const caf::actor_addr& pool, uint64_t serial);
  void send_settled();
  void commit(lease& x, outcome ended);
  void apply(const commit_result& stored, lease& x, outcome ended);
  void queue_settlement(lease& x, outcome ended);
  void settled(const ending& what, settle_status how);
  void tell_events();
  void tell_failure(const lease& x, const settlement& how);

  // -- leases (dispatcher_leases.cpp)
  void stop_late_run(const lease& x, const processor_pool_actor& pool);
  void void_lease(const std::string& key);
  void give_back(const std::string& key, bool runner_died);
  void lose_claim(uint32_t wanted);
  void reap_later(std::chrono::milliseconds delay);
  renew_leases own_leases() const;
  void renew_now();
  void reap_now();

  // -- limits (dispatcher_limits.cpp)
  void book_limits(const pending_claim& asked, const store_reply& reply);
  /// @param started when those that were used started, ms
  void report_permits(uint32_t used, uint32_t unused, int64_t limited_until,
                      int64_t started);
  void ask_permits();

  // -- claims (dispatcher_claims.cpp)
  bool may_claim() const;
  /// @param failure why Redis did not do what it was asked; empty: it did
  void note_trouble(const std::string& failure);

  /// Whether something is wanted of Redis now.
  bool is_asking() const;
  void step(store_slot& store);
  std::vector<ending> next_endings();
  uint32_t unsettled_of(const std::vector<ending>& batch);
  std::vector<slot_group> groups_of(const pending_claim& what) const;
  void stepped(store_slot& store, std::vector<ending> batch,
               const pending_claim& asked, store_reply reply);
  void watch();
  void watched(const pending_claim& asked, store_reply reply);
  void claimed(const pending_claim& asked, store_reply reply);
  void take_jobs(std::vector<job> jobs);
  void pump_in(std::chrono::milliseconds delay);
  std::string next_token();

  // -- drain (dispatcher_drain.cpp)
  void finish_drain();

  dispatcher_actor::pointer self_;
  directory_ptr peers_;
  dispatcher_options options_;
  lease_table table_;
  std::deque<ending> endings_;
  event_batch events_; ///< told at the end of a step
  /// Serials of outcomes that their pools need not keep any more.
  std::map<caf::actor_addr, std::vector<uint64_t>> settled_;
  kept_results kept_;
  store_slot stores_[2] = {{role::job_store_a}, {role::job_store_b}};
  claim_budget budget_;
  bool watching_ = false;
  bool reap_wanted_ = false;
  bool reaping_ = false;
  caf::actor_clock::time_point reap_at_; ///< the last one that is planned
  bool adopting_ = false; ///< pools have time to say what they run
  /// When the next delayed pump comes; empty if none is on its way.
  std::optional<caf::actor_clock::time_point> pump_at_;
  int64_t last_fetch_ = 0;
  std::string trouble_; ///< of the stores and the watcher, since it last worked
  std::set<std::string> troubles_; ///< that the log has told since then
  bool permit_asked_ = false;
  bool draining_ = false;
  bool overdue_ = false;
  drain_report report_;
  caf::typed_response_promise<drain_report> drained_;
  uint64_t tokens_ = 0;
  std::string token_start_;
  std::mt19937_64 random_;
};

dispatcher_actor::behavior_type
dispatcher(dispatcher_actor::stateful_pointer<dispatcher_state> self,
           directory_ptr peers, dispatcher_options options);

} // namespace darkroom
