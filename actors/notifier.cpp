#include "actors/notifier.hpp"

#include "actors/mailbox.hpp"

#include <spdlog/spdlog.h>

namespace darkroom {

notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self,
         notify_settings settings, metrics_ptr counted) {
  answer_mailbox(self);
  auto has_hook = !settings.webhook.empty();
  self->state.hook = std::make_unique<webhook>(std::move(settings));
  return {
    [self, counted, has_hook](const final_failure& what) {
      spdlog::error("job {} ({}) of image '{}' failed for good after {} "
                    "attempts: {}",
                    what.job_id, what.job_name, what.image_id, what.attempts,
                    what.error);
      auto told = self->state.hook->tell(what, nullptr);
      if (has_hook)
        count(counted,
              told ? counter::webhooks_sent : counter::webhooks_failed);
      if (!told)
        spdlog::warn("notifier could not tell of job {}: {}", what.job_id,
                     told.error().context);
    },
  };
}

} // namespace darkroom
