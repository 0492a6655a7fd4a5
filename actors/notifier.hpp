/// Tells the admins which jobs failed for good; never delays a job.
#pragma once

#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/metrics/metrics.hpp"
#include "services/notify/webhook.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>

namespace darkroom {

struct notifier_state {
  static inline const char* name = "notifier";
  std::unique_ptr<webhook> hook;
};

/// Spawn it detached: the webhook blocks for up to its time limit. Failures
/// that cannot be sent are logged.
/// @param counted counts the calls of the webhook, if there is one
notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self,
         notify_settings settings, metrics_ptr counted);

} // namespace darkroom
