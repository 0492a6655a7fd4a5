/// A node's slots: it takes jobs from the dispatcher, runs cheap ones inline
/// and gives blocking ones to processors.
#pragma once

#include "actors/directory.hpp"
#include "actors/processor.hpp"

#include <caf/actor_clock.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <unordered_map>
#include <vector>

namespace darkroom {

struct job_type;

/// Spawns a processor that the pool monitors.
using processor_spawner = std::function<processor_actor(
  processor_pool_actor::pointer, std::shared_ptr<run_control>)>;

struct processor_pool_options {
  std::string node; ///< its name
  uint32_t slots = 1;
  /// Comes in place of `slots`, and may change. Whoever changes it sends the
  /// pool `poll`. Null: they do not change.
  std::shared_ptr<const std::atomic<uint32_t>> live_slots = {};
  std::vector<std::string> job_types; ///< job types that it runs; empty = all
  bool diagnostics = false;           ///< also runs diagnostic jobs
  tools_factory make_tools;
  processor_spawner spawn_processor; ///< empty: detached ones with these tools
  bool is_quiet = false;             ///< takes no jobs
  bool allows_chaos = false;         ///< its operator allows killing processors
  tracer_ptr tracing = {};           ///< takes spans of runs; may be null
  /// Whether an operator stopped new jobs here; survives a restart of the pool.
  std::shared_ptr<std::atomic<bool>> cordoned
    = std::make_shared<std::atomic<bool>>(false);
};

/// Data and logic of a PROCESSOR POOL.
///
/// Without a dispatcher, running jobs continue. The pool keeps an outcome until
/// a dispatcher says that it is settled. So if a main node dies or hangs with
/// an outcome, the pool sends it again to the next one.
class processor_pool_state {
public:
  static inline const char* name = "processor_pool";

  explicit processor_pool_state(processor_pool_actor::pointer self);
  ~processor_pool_state();

  void init(directory_ptr peers, processor_pool_options options);

  void look_for_dispatcher();
  void forget_dispatcher();
  void take(const caf::actor_addr& dispatcher, job_batch& batch);
  void end(outcome ended);
  void relay(job_update update);
  void cancel(const cancel_runs& wanted);
  void cordon(const node_order& order);
  void lose_processor();
  pool_status look() const;
  void cut_short(const std::string& key);
  void down(const caf::actor_addr& source);
  caf::result<drain_report> drain(int64_t grace_ms);
  void cancel_rest();

  const dispatcher_actor& dispatcher() const {
    return dispatcher_;
  }

private:
  struct worker {
    processor_actor handle;
    std::shared_ptr<run_control> control;
    std::string running;                     ///< lease key; empty while idle
    caf::actor_clock::time_point since = {}; ///< when that job began
  };

  /// A job that has ended, and its outcome.
  struct ended_job {
    job work;
    outcome result;
  };

  uint32_t slots() const {
    return options_.live_slots ? options_.live_slots->load() : options_.slots;
  }
  const job_type* type_of(const job& work) const;
  void run(std::vector<job>& jobs, const caf::actor_addr& dispatcher);
  outcome run_inline(const job& work);
  worker& idle_worker();
  void lost(const std::string& key);
  void offer_slots();
  void look_later();
  void keep(job work, outcome result, std::vector<outcome>& sent);
  void deliver(std::vector<outcome> ended);
  void deliver_unsettled();
  void finish_drain();
  void end_drain();

  processor_pool_actor::pointer self_;
  directory_ptr peers_;
  processor_pool_options options_;
  dispatcher_actor dispatcher_; ///< null while there is none
  std::vector<worker> workers_;
  std::unordered_map<std::string, job> running_; ///< by lease key
  std::map<uint64_t, ended_job> unsettled_;      ///< by serial
  uint64_t serials_ = 0;
  int64_t done_ = 0;      ///< see pool_status
  uint64_t offers_ = 0;   ///< of slots so far …
  uint64_t answered_ = 0; ///< … and the newest answered one
  bool look_due_ = false; ///< a delayed `poll` was sent
  bool draining_ = false;
  std::string order_; ///< id of the last order
  drain_report report_;
  caf::typed_response_promise<drain_report> drained_;
};

processor_pool_actor::behavior_type processor_pool(
  processor_pool_actor::stateful_pointer<processor_pool_state> self,
  directory_ptr peers, processor_pool_options options);

} // namespace darkroom
