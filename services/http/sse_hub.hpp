/// The live event stream: every event published here goes to every browser.
///
/// Wire (text/event-stream): first `retry: 2000` and `id: <epoch>-<seq>`, then
/// `id:`, `event:` and `data:` per event, and a comment if nothing happened for
/// the keep-alive time. If this client loses events, it gets `event: gap` with
/// `{"reason","missed"}`. Reasons are "restarted" (another epoch), "expired"
/// (older than the replay) and "slow" (the client did not read). `missed` is
/// null if the number is unknown. After a gap, the client gets all events that
/// are still held.
///
/// Query: `imageId=`, `jobId=` and `type=` (each a list with commas; all must
/// match), and `lastEventId=`, which means the same as the header
/// Last-Event-ID.
#pragma once

#include "config/settings.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace darkroom {

class sse_core;

/// All of them are shown by `/metrics`. `clients` is of now; the others count
/// from the start.
struct sse_counters {
  uint64_t clients = 0;
  uint64_t events = 0;  ///< published
  uint64_t dropped = 0; ///< (event, client) pairs lost to a gap
  uint64_t kicked = 0;  ///< clients closed because they did not read
  uint64_t refused = 0; ///< 503s because of a limit for clients
};

/// One stream of events and its clients. All clients share one ring of events.
/// Each has a cursor in it and at most 16 KB in flight, so a slow client costs
/// nothing but its own gap.
class sse_hub {
public:
  explicit sse_hub(const http_settings& settings);

  /// Sends an event to all clients whose filters accept it. Callable from any
  /// thread; never blocks on a client; before the server starts, it fills the
  /// replay.
  /// @param event_name the SSE `event:`, "worker-event"
  /// @param type what `?type=` selects, "job-progress"
  /// @param json the data, UTF-8
  void publish(std::string_view event_name, std::string_view type,
               std::string_view json, std::string_view image_id,
               std::string_view job_id);

  sse_counters counters() const;

  /// For http_server::stream. Shared, because connections may outlive the hub.
  const std::shared_ptr<sse_core>& core() const {
    return core_;
  }

private:
  std::shared_ptr<sse_core> core_;
};

} // namespace darkroom
