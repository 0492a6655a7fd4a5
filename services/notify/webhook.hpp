/// Tells the operators what happened.
#pragma once

#include "config/settings.hpp"
#include "messages/cluster.hpp"
#include "messages/provider_call.hpp"
#include "messages/result.hpp"
#include "services/http_client/http_client.hpp"
#include "services/notify/webhook_book.hpp"

#include <atomic>

namespace darkroom {

/// {"type": "image-processing-failed", imageId, jobId, jobName, error,
/// attempts, timestamp}.
std::string webhook_body(const final_failure& what);

/// {"type": "provider-state", resource, provider, state, until, message,
/// timestamp}.
std::string webhook_body(const provider_alert& what);

/// {"type": "drift-state", class, state, count, examples, timestamp}.
std::string webhook_body(const drift_alert& what);

/// POSTs to the configured URL. Blocks; not thread-safe.
class webhook {
public:
  explicit webhook(notify_settings cfg);

  /// Sends a call with the headers X-Darkroom-Delivery (its id), if it has a
  /// trace, traceparent and, if a secret is set, X-Darkroom-Signature
  /// (`signature_of`).
  /// @returns the errors of `http_client::send`
  status send(const webhook_call& call, const std::atomic<bool>* cancel);

private:
  notify_settings cfg_;
  http_client client_;
};

} // namespace darkroom
