#include "nodes/api/event_bridge.hpp"

#include "config/clock.hpp"
#include "nodes/job_json.hpp"
#include "services/events/event_text.hpp"
#include "services/json/json.hpp"

#include <utility>

namespace darkroom {

namespace {

/// The queue as members of a JSON object.
std::string snapshot_members(const std::string& queue, const queue_counts& x) {
  auto text = write_json({{"queue", queue},
                          {"paused", x.paused},
                          {"counts", to_json(x)},
                          {"at", wall_clock_ms()}});
  return text.substr(1, text.size() - 2);
}

sse_event event_of(const kept_event& x) {
  auto label = label_of(x.text);
  return {x.number,
          x.at,
          std::move(label.type),
          std::move(label.image_id),
          std::move(label.job_id),
          x.text};
}

} // namespace

event_sink sink_into(sse_hub& hub, const std::string& queue) {
  event_sink out;
  out.newest = [&hub] {
    return hub.newest();
  };
  out.event = [&hub](const kept_event& x) {
    hub.publish(event_of(x));
  };
  out.restarted = [&hub] {
    hub.restart();
  };
  out.ready = [&hub] {
    hub.ready();
  };
  out.lost = [&hub] {
    hub.lose();
  };
  out.counts = [&hub, queue](const queue_counts& x) {
    hub.show(snapshot_members(queue, x));
  };
  return out;
}

} // namespace darkroom
