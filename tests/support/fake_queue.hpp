/// A queue in memory, with the actors that stand for its Redis connections.
#pragma once

#include "messages/interfaces.hpp"
#include "sim/held_request.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

using sim::held_request;

/// What the stores were asked, and what they answer.
struct fake_queue {
  std::deque<job> waiting;
  int64_t next_due = 0;
  uint32_t active = 0;      ///< claimed through it and not yet settled
  uint32_t most_active = 0; ///< so far
  int64_t limited_until = 0;
  std::string failure;                ///< not empty: stores fail with this
  bool is_unreachable = false;        ///< with `failure`: nothing was sent
  bool is_lossy = false;              ///< with `failure`: still claims jobs
  bool is_silent = false;             ///< answers wait for `answer_all`
  bool is_deaf = false;               ///< the watcher does not hear `interrupt`
  std::vector<std::string> set_aside; ///< names, in the next answer
  std::map<std::string, settle_status> statuses; ///< by job id; else settled
  std::vector<std::string> lost;                 ///< answer to a renewal
  std::vector<std::string> stalled_ids;          ///< answer to a stalled check
  std::string reap_failure;

  std::vector<store_step> steps;
  std::vector<watch_request> watches;
  std::vector<renew_leases> renewals;
  std::vector<return_orphans> reaps;
  std::vector<provider_query> calls;
  int64_t call_wait = 0; ///< answer to a call
  std::vector<provider_report> reports;
  provider_news news;             ///< answer to a report
  std::vector<std::string> woken; ///< resources whose jobs went on
  int stalled_checks = 0;
  renew_leases spared; ///< by the last stalled check

  std::vector<std::pair<held_request, store_reply>> held;
  std::vector<held_request> held_lists;
  std::vector<std::pair<held_request, watch_request>> watching;

  /// Adds waiting jobs "1", "2", …
  void add(int count, const std::string& name = "echo");

  std::vector<job> claim(uint32_t count, const std::string& token);

  store_reply reply_to(const store_step& step);

  /// Delivers the answers held since `is_silent`, in order.
  void answer_all();

  /// Sets the marker: the waiting watchers claim and answer.
  void wake();

  /// Does the same as `wake_watcher`: watchers answer without a claim.
  void interrupt();

  /// Fails the waiting watchers, like a Redis that goes down.
  void fail_watches();

  static store_reply nothing_until(int64_t due);

  /// All settlements so far, in order.
  std::vector<settlement> settled() const;

  /// How many jobs the steps and watches have asked for so far.
  uint32_t claimed() const;

private:
  int last_id_ = 0;
};

using fake_queue_ptr = std::shared_ptr<fake_queue>;

job_store_actor::behavior_type fake_job_store(job_store_actor::pointer self,
                                              fake_queue_ptr queue);

job_watcher_actor::behavior_type
fake_job_watcher(job_watcher_actor::pointer self, fake_queue_ptr queue);

} // namespace darkroom
