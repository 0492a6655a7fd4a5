#include "actors/notifier.hpp"

#include "actors/mailbox.hpp"

#include <spdlog/spdlog.h>

namespace darkroom {

notifier_actor::behavior_type
notifier(notifier_actor::stateful_pointer<notifier_state> self,
         notify_settings settings) {
  answer_mailbox(self);
  self->state.hook = std::make_unique<webhook>(std::move(settings));
  return {
    [self](const final_failure& what) {
      spdlog::error("job {} ({}) of image '{}' failed for good after {} "
                    "attempts: {}",
                    what.job_id, what.job_name, what.image_id, what.attempts,
                    what.error);
      auto told = self->state.hook->tell(what, nullptr);
      if (!told)
        spdlog::warn("notifier could not tell of job {}: {}", what.job_id,
                     told.error().context);
    },
  };
}

} // namespace darkroom
