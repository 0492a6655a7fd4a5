/// A queue in memory, with the actors that stand for its Redis connections.
#pragma once

#include "messages/interfaces.hpp"
#include "nodes/sim/held_request.hpp"

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
  int64_t limited_until = 0;
  std::string failure;    ///< not empty: the stores fail with it
  bool is_lossy = false;  ///< with `failure`: jobs are claimed all the same
  bool is_silent = false; ///< answers wait for `answer_all`
  bool is_deaf = false;   ///< the watcher does not hear `interrupt`
  std::vector<std::string> set_aside;            ///< names, in the next answer
  std::map<std::string, settle_status> statuses; ///< by job id; else settled
  std::vector<std::string> lost;                 ///< answer to a renewal
  std::vector<std::string> stalled_ids;          ///< answer to a stalled check
  std::string reap_failure;

  std::vector<store_step> steps;
  std::vector<watch_request> watches;
  std::vector<renew_leases> renewals;
  std::vector<return_orphans> reaps;
  std::vector<call_request> calls;
  int64_t call_wait = 0; ///< the answer to them
  int stalled_checks = 0;

  std::vector<std::pair<held_request, store_reply>> held;
  std::vector<held_request> held_lists;
  std::vector<std::pair<held_request, watch_request>> watching;

  /// Adds jobs "1", "2", … that wait.
  void add(int count, const std::string& name = "echo") {
    for (int i = 0; i < count; ++i) {
      job x;
      x.id = std::to_string(++last_id);
      x.name = name;
      x.data = "{}";
      x.timestamp = 77;
      waiting.push_back(x);
    }
  }

  std::vector<job> claim(uint32_t count, const std::string& token) {
    std::vector<job> out;
    while (out.size() < count && !waiting.empty()) {
      auto x = waiting.front();
      waiting.pop_front();
      x.token = token;
      x.attempt += 1;
      out.push_back(x);
    }
    return out;
  }

  store_reply reply_to(const store_step& step) {
    steps.push_back(step);
    store_reply out;
    out.failure = failure;
    out.next_due = next_due;
    out.limited_until = limited_until;
    if (!failure.empty() && !is_lossy)
      return out;
    for (const auto& x : step.settle) {
      auto found = statuses.find(x.job_id);
      out.statuses.push_back(static_cast<uint8_t>(
        found == statuses.end() ? settle_status::settled : found->second));
    }
    out.jobs = claim(step.claim, step.token);
    out.set_aside = std::exchange(set_aside, {});
    if (!failure.empty())
      out.jobs.clear();
    return out;
  }

  /// Delivers what waits since `is_silent`, in order.
  void answer_all() {
    is_silent = false;
    for (const auto& [request, reply] : std::exchange(held, {}))
      request.answer(reply);
    for (const auto& request : std::exchange(held_lists, {}))
      request.answer(id_list{{}, lost});
  }

  /// The marker is set: the waiting watchers claim and answer.
  void wake() {
    for (const auto& [request, what] : std::exchange(watching, {})) {
      store_reply out;
      out.next_due = next_due;
      out.limited_until = limited_until;
      out.jobs = claim(what.slots, what.token);
      out.set_aside = std::exchange(set_aside, {});
      request.answer(out);
    }
  }

  /// What `wake_watcher` does: they answer without a claim.
  void interrupt() {
    if (is_deaf)
      return;
    for (const auto& [request, what] : std::exchange(watching, {}))
      request.answer(nothing_until(what.deadline));
  }

  /// Redis goes away while the watchers wait.
  void fail_watches() {
    store_reply out;
    out.failure = "Redis is away";
    out.is_unsent = true;
    for (const auto& [request, what] : std::exchange(watching, {}))
      request.answer(out);
  }

  static store_reply nothing_until(int64_t due) {
    store_reply out;
    out.next_due = due;
    return out;
  }

  /// All settlements so far, in order.
  std::vector<settlement> settled() const {
    std::vector<settlement> out;
    for (const auto& x : steps)
      out.insert(out.end(), x.settle.begin(), x.settle.end());
    return out;
  }

  /// What was asked for so far by the stores and the watcher.
  uint32_t claimed() const {
    uint32_t sum = 0;
    for (const auto& x : steps)
      sum += x.claim;
    for (const auto& x : watches)
      sum += x.slots;
    return sum;
  }

private:
  int last_id = 0;
};

using fake_queue_ptr = std::shared_ptr<fake_queue>;

inline job_store_actor::behavior_type
fake_job_store(job_store_actor::pointer self, fake_queue_ptr queue) {
  return {
    [self, queue](const store_step& step) -> caf::result<store_reply> {
      auto reply = queue->reply_to(step);
      if (!queue->is_silent)
        return reply;
      queue->held.push_back({held_request::of(self), reply});
      return self->make_response_promise<store_reply>();
    },
    [self, queue](const renew_leases& x) -> caf::result<id_list> {
      queue->renewals.push_back(x);
      if (!queue->is_silent)
        return id_list{queue->failure, queue->lost};
      queue->held_lists.push_back(held_request::of(self));
      return self->make_response_promise<id_list>();
    },
    [queue](stalled) {
      ++queue->stalled_checks;
      return id_list{queue->failure, queue->stalled_ids};
    },
    [queue](const return_orphans& x) {
      queue->reaps.push_back(x);
      return id_list{queue->reap_failure, {}};
    },
    [queue](const call_request& x) {
      queue->calls.push_back(x);
      return queue->call_wait;
    },
  };
}

inline job_watcher_actor::behavior_type
fake_job_watcher(job_watcher_actor::pointer self, fake_queue_ptr queue) {
  return {
    [self, queue](const watch_request& x) -> caf::result<store_reply> {
      queue->watches.push_back(x);
      if (!queue->failure.empty()) {
        store_reply failed;
        failed.failure = queue->failure;
        return failed;
      }
      queue->watching.push_back({held_request::of(self), x});
      return self->make_response_promise<store_reply>();
    },
  };
}

} // namespace darkroom
