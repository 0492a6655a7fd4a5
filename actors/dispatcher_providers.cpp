/// The dispatcher's part in calls to providers: what became of them for the
/// whole cluster is told once, and jobs that wait go on when a node joins.
#include "actors/dispatcher.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

namespace darkroom {

namespace {

/// @param words the provider's
provider_alert alert_of(const std::string& resource,
                        const std::string& profile_id, const std::string& words,
                        const provider_news& news, int64_t now) {
  auto rests = news.change == "opened";
  return {resource,
          profile_id,
          rests ? "resting" : "working",
          rests ? words : std::string{},
          news.until,
          now};
}

/// @param spent "80 vision.money"
provider_alert alert_of(const std::string& spent, int64_t now) {
  auto space = spent.find(' ');
  auto is_all = spent.substr(0, space) == "100";
  return {spent.substr(space + 1), {}, is_all ? "spent" : "80 %", {}, 0, now};
}

} // namespace

caf::result<provider_permit>
dispatcher_state::book(const provider_query& call) {
  if (is_dropped(validate(call), "dispatcher dropped a call",
                 caf::actor_cast<caf::actor_addr>(self_->current_sender())))
    return caf::sec::invalid_argument;
  return self_->delegate(store_for(store_task::call), call);
}

caf::result<provider_news>
dispatcher_state::take_report(const provider_report& call) {
  if (is_dropped(validate(call), "dispatcher dropped a call's end",
                 caf::actor_cast<caf::actor_addr>(self_->current_sender())))
    return caf::sec::invalid_argument;
  auto answer = self_->make_response_promise<provider_news>();
  self_->request(store_for(store_task::call), store_timeout, call)
    .then(
      [this, answer, resource = call.resource, profile_id = call.profile_id,
       words = call.words](const provider_news& news) mutable {
        if (!news.change.empty())
          tell(alert_of(resource, profile_id, words, news, options_.now()));
        for (const auto& x : news.spent)
          tell(alert_of(x, options_.now()));
        answer.deliver(news);
        if (news.change == "closed") {
          budget_.expect_work();
          pump();
        }
      },
      [answer](caf::error& why) mutable { answer.deliver(std::move(why)); });
  return answer;
}

void dispatcher_state::tell(const provider_alert& what) {
  if (options_.publish)
    self_->send(peers_->find<event_publisher_actor>(role::event_publisher),
                what);
  self_->send(peers_->find<notifier_actor>(role::notifier), what);
}

void dispatcher_state::wake_waiting() {
  for (const auto& resource : options_.resources)
    self_
      ->request(store_for(store_task::call), store_timeout, end_rest_v,
                resource, false)
      .then([](const id_list&) {},
            [](caf::error&) {
              // They go on at the time that they were promised.
            });
}

} // namespace darkroom
