#include "tests/support/fake_queue.hpp"

namespace darkroom {

void fake_queue::add(int count, const std::string& name) {
  for (int i = 0; i < count; ++i) {
    job x;
    x.id = std::to_string(++last_id_);
    x.name = name;
    x.data = "{}";
    x.timestamp = 77;
    waiting.push_back(x);
  }
}

std::vector<job> fake_queue::claim(uint32_t count, const std::string& token) {
  std::vector<job> out;
  while (out.size() < count && !waiting.empty()) {
    auto x = waiting.front();
    waiting.pop_front();
    x.token = token;
    x.attempt += 1;
    out.push_back(x);
  }
  active += static_cast<uint32_t>(out.size());
  most_active = std::max(most_active, active);
  return out;
}

store_reply fake_queue::reply_to(const store_step& step) {
  steps.push_back(step);
  store_reply out;
  out.failure = failure;
  out.is_unsent = !failure.empty() && is_unreachable;
  out.next_due = next_due;
  out.limited_until = limited_until;
  if (!failure.empty() && !is_lossy)
    return out;
  for (const auto& x : step.settle) {
    auto found = statuses.find(x.job_id);
    auto status = found == statuses.end() ? settle_status::settled
                                          : found->second;
    active -= active > 0
              && (status == settle_status::settled
                  || status == settle_status::broken);
    out.statuses.push_back(static_cast<uint8_t>(status));
  }
  out.jobs = claim(step.claim, step.token);
  out.set_aside = std::exchange(set_aside, {});
  if (!failure.empty())
    out.jobs.clear();
  return out;
}

void fake_queue::answer_all() {
  is_silent = false;
  for (const auto& [request, reply] : std::exchange(held, {}))
    request.answer(reply);
  for (const auto& request : std::exchange(held_lists, {}))
    request.answer(id_list{{}, lost});
}

void fake_queue::wake() {
  for (const auto& [request, what] : std::exchange(watching, {})) {
    store_reply out;
    out.next_due = next_due;
    out.limited_until = limited_until;
    out.jobs = claim(what.slots, what.token);
    out.set_aside = std::exchange(set_aside, {});
    request.answer(out);
  }
}

void fake_queue::interrupt() {
  if (is_deaf)
    return;
  for (const auto& [request, what] : std::exchange(watching, {}))
    request.answer(nothing_until(what.deadline));
}

void fake_queue::fail_watches() {
  store_reply out;
  out.failure = "Redis is away";
  out.is_unsent = true;
  for (const auto& [request, what] : std::exchange(watching, {}))
    request.answer(out);
}

store_reply fake_queue::nothing_until(int64_t due) {
  store_reply out;
  out.next_due = due;
  return out;
}

std::vector<settlement> fake_queue::settled() const {
  std::vector<settlement> out;
  for (const auto& x : steps)
    out.insert(out.end(), x.settle.begin(), x.settle.end());
  return out;
}

uint32_t fake_queue::claimed() const {
  uint32_t sum = 0;
  for (const auto& x : steps)
    sum += x.claim;
  for (const auto& x : watches)
    sum += x.slots;
  return sum;
}

job_store_actor::behavior_type fake_job_store(job_store_actor::pointer self,
                                              fake_queue_ptr queue) {
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
    [queue](stalled, const renew_leases& running) {
      ++queue->stalled_checks;
      queue->spared = running;
      return id_list{queue->failure, queue->stalled_ids};
    },
    [queue](const return_orphans& x) {
      queue->reaps.push_back(x);
      return id_list{queue->reap_failure, {}};
    },
    [queue](const provider_query& x) {
      queue->calls.push_back(x);
      provider_permit permit;
      permit.wait_ms = queue->call_wait;
      return permit;
    },
    [queue](const provider_report& x) {
      queue->reports.push_back(x);
      return queue->news;
    },
    [queue](end_rest, const std::string& resource, bool of_providers) {
      if (!of_providers)
        queue->woken.push_back(resource);
      return id_list{};
    },
  };
}

job_watcher_actor::behavior_type
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
