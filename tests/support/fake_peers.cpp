#include "tests/support/fake_peers.hpp"

#include <caf/sec.hpp>

namespace darkroom {

void fake_peers::answer_commits() {
  is_catalog_silent = false;
  for (const auto& request : std::exchange(held_commits, {}))
    request.answer(commit_answer);
}

size_t fake_peers::count(event_kind kind) const {
  size_t sum = 0;
  for (const auto& x : events)
    sum += x.kind == kind;
  return sum;
}

catalog_actor::behavior_type fake_catalog(catalog_actor::pointer self,
                                          fake_peers_ptr log) {
  return {
    [self, log](const image_commit& rows) -> caf::result<commit_result> {
      log->commits.push_back(rows);
      if (log->is_catalog_away)
        return caf::make_error(caf::sec::runtime_error, "away");
      if (!log->is_catalog_silent)
        return log->commit_answer;
      log->held_commits.push_back(held_request::of(self));
      return self->make_response_promise<commit_result>();
    },
    [log](const result_query& x) {
      log->queries.push_back(x);
      return log->query_answer;
    },
    [log](const part_note& x) { log->notes.push_back(x); },
    [log](const void_files& x) { log->void_files.push_back(x); },
  };
}

event_publisher_actor::behavior_type fake_event_publisher(fake_peers_ptr log) {
  return {
    [log](const event_batch& x) {
      log->events.insert(log->events.end(), x.events.begin(), x.events.end());
    },
    [log](const provider_alert& x) { log->published.push_back(x); },
  };
}

notifier_actor::behavior_type fake_notifier(fake_peers_ptr log) {
  return {
    [log](const final_failure& x) { log->failures.push_back(x); },
    [log](const provider_alert& x) { log->alerts.push_back(x); },
    [log](const drift_alert& x) { log->drifts.push_back(x); },
    [](poll) {},
  };
}

rate_limiter_actor::behavior_type fake_rate_limiter(fake_peers_ptr log) {
  return {
    [log](const permit_request& x) {
      log->permit_requests.push_back(x);
      return log->permit_answer;
    },
    [log](const permit_report& x) { log->permit_reports.push_back(x); },
  };
}

} // namespace darkroom
