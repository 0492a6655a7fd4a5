/// The actors around a dispatcher: they write down what they are told.
#pragma once

#include "messages/interfaces.hpp"
#include "tests/support/fake_queue.hpp"

#include <caf/sec.hpp>
#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>
#include <caf/typed_response_promise.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace darkroom {

struct fake_peers {
  std::vector<image_commit> commits;
  commit_result commit_answer;
  bool is_catalog_silent = false;
  bool is_catalog_away = false;
  std::vector<held_request> held_commits;
  std::vector<part_note> notes;
  std::vector<struct void_files> void_files;
  std::vector<worker_event> events;
  std::vector<final_failure> failures;
  std::vector<permit_request> permit_requests;
  std::vector<permit_report> permit_reports;
  permit permit_answer;

  void answer_commits() {
    is_catalog_silent = false;
    for (const auto& request : std::exchange(held_commits, {}))
      request.answer(commit_answer);
  }

  /// How many events of a kind were told.
  size_t count(event_kind kind) const {
    size_t sum = 0;
    for (const auto& x : events)
      sum += x.kind == kind;
    return sum;
  }
};

using fake_peers_ptr = std::shared_ptr<fake_peers>;

inline catalog_actor::behavior_type fake_catalog(catalog_actor::pointer self,
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
    [log](const part_note& x) { log->notes.push_back(x); },
    [log](const void_files& x) { log->void_files.push_back(x); },
  };
}

inline event_publisher_actor::behavior_type
fake_event_publisher(fake_peers_ptr log) {
  return {
    [log](const event_batch& x) {
      log->events.insert(log->events.end(), x.events.begin(), x.events.end());
    },
  };
}

inline notifier_actor::behavior_type fake_notifier(fake_peers_ptr log) {
  return {
    [log](const final_failure& x) { log->failures.push_back(x); },
  };
}

inline rate_limiter_actor::behavior_type fake_rate_limiter(fake_peers_ptr log) {
  return {
    [log](const permit_request& x) {
      log->permit_requests.push_back(x);
      return log->permit_answer;
    },
    [log](const permit_report& x) { log->permit_reports.push_back(x); },
  };
}

} // namespace darkroom
