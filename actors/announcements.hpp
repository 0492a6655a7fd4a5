/// Whether the web tier itself tells of added jobs, as the one of the system
/// that Darkroom replaces does.
#pragma once

#include "actors/event_feed.hpp"
#include "config/settings.hpp"
#include "messages/result.hpp"

#include <atomic>
#include <functional>
#include <memory>
#include <string>

namespace darkroom {

/// Thread-safe: who listens to the channel tells the EVENT PUBLISHER.
class announcements {
public:
  /// An event was heard on the channel. If another program has published
  /// `job-queued`, it is trusted to go on; the log says so once.
  void hear(const std::string& text);

  /// Whether ours would be the second of each job.
  bool are_made_elsewhere() const {
    return are_made_elsewhere_;
  }

private:
  std::atomic<bool> are_made_elsewhere_ = false;
};

using announcements_ptr = std::shared_ptr<announcements>;

/// The sink, which also tells `others` what other programs publish.
event_sink heard_by(announcements_ptr others, event_sink sink);

/// Where no browser is served: a chore that listens to the channel until
/// another program announces a job.
std::function<status()>
listener(announcements_ptr others, const redis_settings& redis,
         const std::string& channel, std::shared_ptr<wake_signal> stopping);

/// Whether the event is a `job-queued` that no Darkroom has published: those
/// always name their queue.
bool is_foreign_announcement(const std::string& text);

} // namespace darkroom
