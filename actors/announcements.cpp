#include "actors/announcements.hpp"

#include "config/defaults.hpp"
#include "services/json/json.hpp"
#include "services/redis/subscription.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

void announcements::hear(const std::string& text) {
  if (are_made_elsewhere_ || !is_foreign_announcement(text)
      || are_made_elsewhere_.exchange(true))
    return;
  spdlog::info("another program publishes job-queued on the channel of events: "
               "Darkroom stops doing so until it is started again ([events] "
               "publish_queued = false says it from the start)");
}

event_sink heard_by(announcements_ptr others, event_sink sink) {
  sink.event = [inner = std::move(sink.event),
                others = std::move(others)](const kept_event& x) {
    if (x.is_foreign)
      others->hear(x.text);
    inner(x);
  };
  return sink;
}

std::function<status()>
listener(announcements_ptr others, const redis_settings& redis,
         const std::string& channel, std::shared_ptr<wake_signal> stopping) {
  auto heard = std::make_shared<subscription>(redis, channel);
  return [heard, others, stopping]() mutable -> status {
    while (heard && !others->are_made_elsewhere()) {
      auto text = heard->next(reader_block, *stopping);
      if (!text && text.error().code == ec::cancelled)
        return ok;
      if (!text)
        return std::move(text.error());
      if (text->empty())
        return ok; // lets the actor take other messages
      others->hear(*text);
    }
    heard.reset();
    return ok;
  };
}

bool is_foreign_announcement(const std::string& text) {
  // Most events are of other types, and this looks at each.
  if (text.find("\"job-queued\"") == text.npos)
    return false;
  auto event = parse_json(text);
  return event && event->is_object()
         && text_member(*event, "type") == "job-queued"
         && event->contains("jobId") && !event->contains("queue");
}

} // namespace darkroom
