/// The live event stream: every event published here goes to every browser.
///
/// Wire (text/event-stream): first `retry: 2000` and `event: hello` with
/// `{"id", …}`: the newest id, and the snapshot that `show` was given. Then
/// `id:`, `event: worker-event` and `data:` per event, and a comment if nothing
/// happened for the keep-alive time. Ids are those of sse_id.hpp. If this
/// client loses events, it gets `event: gap` with `{"reason","missed"}`.
/// Reasons are "restarted" (the id is of events that Redis lost), "expired"
/// (older than the replay), "slow" (the client did not read), "overrun" (this
/// process did not keep up with Redis) and "lost" (Redis did not keep what
/// other programs published). `missed` is null if the number is unknown. After
/// a gap, the client gets all events that are still held and that are newer
/// than its id.
///
/// Progress of one job comes at most once per interval, the newest.
///
/// Query: `imageId=`, `jobId=` and `type=` (each a list with commas; all must
/// match), `lastEventId=`, which means the same as the header Last-Event-ID,
/// and `recent=`: how many of the newest events a client without an id gets
/// first.
#pragma once

#include "config/settings.hpp"
#include "services/http/progress_gate.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

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
///
/// Clients that come before `ready` wait for it, since nobody can tell yet what
/// they missed. All functions may be called from any thread, and none waits for
/// a client.
class sse_hub {
public:
  explicit sse_hub(const http_settings& settings);

  /// Sends an event to all clients whose filters accept it. Before `ready`, it
  /// fills the replay.
  void publish(sse_event event);

  /// Redis lost events, and numbers may come again.
  void restart();

  /// Events of other programs are lost.
  void lose();

  /// The replay has what Redis has: clients may be served.
  void ready();

  /// The snapshot for the first frame of clients from now on.
  /// @param members of a JSON object, without braces: `"counts":{…}`
  void show(std::string members);

  /// The number of the newest event and its time (ms); 0 before the first.
  std::pair<uint64_t, int64_t> newest() const;

  sse_counters counters() const;

  /// For http_server::stream. Shared, because connections may outlive the hub.
  const std::shared_ptr<sse_core>& core() const {
    return core_;
  }

private:
  std::shared_ptr<sse_core> core_;
};

} // namespace darkroom
