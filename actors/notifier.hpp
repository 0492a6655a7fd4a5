/// Tells the admins which jobs failed for good, which providers rest, what is
/// left of the budget, and where catalog, queue and files contradict each
/// other; never delays a job.
#pragma once

#include "config/settings.hpp"
#include "messages/interfaces.hpp"
#include "services/metrics/metrics.hpp"
#include "services/notify/webhook.hpp"
#include "services/notify/webhook_book.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace darkroom {

/// Calls of the webhook are noted in Redis and tried again, with pauses that
/// double from 1 s to 5 min, until they are received or given up.
class notifier_state {
public:
  static inline const char* name = "notifier";

  explicit notifier_state(notifier_actor::pointer self) : self_(self) {}

  void init(const redis_settings& redis, const queue_settings& queue,
            const notify_settings& settings, metrics_ptr counted);

  void tell(const final_failure& what);
  void tell(const provider_alert& what);
  void tell(const drift_alert& what);

  /// Makes the calls that are due, and plans the next look.
  void call();

private:
  /// @param trace of the job that the call is about; may be empty
  void note(const std::string& body, const std::string& trace = {});
  void try_call(webhook_call call);
  void look_in(std::chrono::milliseconds wait);

  notifier_actor::pointer self_;
  notify_settings settings_;
  metrics_ptr counted_;
  std::unique_ptr<webhook> hook_; ///< null without a URL
  std::unique_ptr<webhook_book> book_;
  /// When the next look is planned; messages that come earlier are left over
  /// from plans that were given up.
  std::chrono::steady_clock::time_point next_look_;
};

/// Spawn it detached: the webhook blocks for up to its time limit.
/// @param counted counts the calls of the webhook, if there is one
notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self,
         redis_settings redis, queue_settings queue, notify_settings settings,
         metrics_ptr counted);

} // namespace darkroom
