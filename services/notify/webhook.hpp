/// Tells the operators about a job that failed for good.
#pragma once

#include "config/settings.hpp"
#include "messages/cluster.hpp"
#include "messages/result.hpp"
#include "services/http_client/http_client.hpp"

#include <atomic>

namespace darkroom {

/// POSTs {"type": "image-processing-failed", imageId, jobId, jobName, error,
/// attempts, timestamp} to the configured URL. Blocks; not thread-safe.
class webhook {
public:
  explicit webhook(notify_settings cfg);

  /// Does nothing if no URL is configured.
  /// @returns the errors of `http_client::send`
  status tell(const final_failure& what, const std::atomic<bool>* cancel);

private:
  notify_settings cfg_;
  http_client client_;
};

} // namespace darkroom
