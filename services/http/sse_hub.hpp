/// The live event stream: what is published here goes to every browser.
///
/// Wire (text/event-stream): first `retry: 2000` and `id: <epoch>-<seq>`, then
/// `id:`, `event:`, `data:` an event; a comment when nothing happened for the
/// keep-alive time; `event: gap` with `{"reason","missed"}` where events are
/// lost to this client: "restarted" (other epoch), "expired" (older than the
/// replay), "slow" (it did not read). `missed` is null where the number is not
/// known. After a gap comes all that is still held.
/// Query: `imageId=`, `jobId=`, `type=` (each a comma list; all must match),
/// `lastEventId=` as the header Last-Event-ID.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace darkroom {

class sse_core;

/// For `/metrics`. The first is of now, the others count since the start.
struct sse_counters {
  uint64_t clients = 0;
  uint64_t events = 0;  ///< published
  uint64_t dropped = 0; ///< (event, client) pairs lost to a gap
  uint64_t kicked = 0;  ///< clients closed because they did not read
  uint64_t refused = 0; ///< 503s because of max_sse_clients
};

/// One stream of events with its clients. Clients share one ring of events;
/// each has a cursor in it and at most 16 KB under way, so a slow one costs
/// nothing but its own gap.
class sse_hub {
public:
  explicit sse_hub(const http_settings& settings);

  /// Sends an event to all whose filters let it pass. Any thread; never blocks
  /// on a client; works before the server starts (for the replay).
  /// @param event_name the SSE `event:`, "worker-event"
  /// @param type what `?type=` looks at, "job-progress"
  /// @param json the data, UTF-8
  void publish(std::string_view event_name, std::string_view type,
               std::string_view json, std::string_view image_id,
               std::string_view job_id);

  sse_counters counters() const;

  /// For http_server::stream: shared, as connections may outlive the hub.
  const std::shared_ptr<sse_core>& core() const {
    return core_;
  }

private:
  std::shared_ptr<sse_core> core_;
};

} // namespace darkroom
