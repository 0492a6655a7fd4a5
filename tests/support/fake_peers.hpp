/// The actors around a dispatcher, which record what they are told.
#pragma once

#include "messages/interfaces.hpp"
#include "tests/support/fake_queue.hpp"

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
  std::vector<result_query> queries;
  known_result query_answer;
  std::vector<part_note> notes;
  std::vector<struct void_files> void_files;
  std::vector<worker_event> events;
  std::vector<final_failure> failures;
  std::vector<provider_alert> published; ///< for the web tier
  std::vector<provider_alert> alerts;    ///< for the operators
  std::vector<drift_alert> drifts;
  std::vector<permit_request> permit_requests;
  std::vector<permit_report> permit_reports;
  permit permit_answer;

  void answer_commits();

  /// How many events of this kind were published.
  size_t count(event_kind kind) const;
};

using fake_peers_ptr = std::shared_ptr<fake_peers>;

catalog_actor::behavior_type fake_catalog(catalog_actor::pointer self,
                                          fake_peers_ptr log);

event_publisher_actor::behavior_type fake_event_publisher(fake_peers_ptr log);

notifier_actor::behavior_type fake_notifier(fake_peers_ptr log);

rate_limiter_actor::behavior_type fake_rate_limiter(fake_peers_ptr log);

} // namespace darkroom
