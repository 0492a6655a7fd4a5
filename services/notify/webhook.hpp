/// Tells the admins of a job that failed for good.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/http_client/http_client.hpp"

#include <atomic>
#include <cstdint>
#include <string>

namespace darkroom {

/// What there is to tell.
struct final_failure {
  std::string image_id;
  std::string job_id;
  std::string job_name;
  std::string error;
  uint32_t attempts = 0; ///< made
  int64_t timestamp = 0; ///< ms since the epoch
};

/// POSTs {"type": "image-processing-failed", imageId, jobId, jobName, error,
/// attempts, timestamp} to the configured URL. Blocks; not thread-safe.
class webhook {
public:
  explicit webhook(notify_settings cfg);

  /// Does nothing where no URL is configured.
  /// @returns the errors of `http_client::send`
  status tell(const final_failure& what, const std::atomic<bool>* cancel);

private:
  notify_settings cfg_;
  http_client client_;
};

} // namespace darkroom
