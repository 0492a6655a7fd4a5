#include "actors/mark_keeper.hpp"

#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>
#include <spdlog/spdlog.h>

#include <atomic>
#include <memory>
#include <mutex>
#include <utility>

namespace darkroom {

namespace {

/// What the calls share; outlives the registry that made it.
struct mark_watch {
  std::function<result<bool>()> keep;
  std::atomic<bool> is_looking = false;
  std::once_flag is_written_told = {};
  std::once_flag is_failure_told = {};
};

void look_at_mark(mark_watch& x) {
  auto is_written = x.keep();
  if (!is_written)
    std::call_once(x.is_failure_told, [&] {
      spdlog::warn("workers may be refused though they see the pictures: the "
                   "main node's mark there cannot be written again: {}",
                   is_written.error().context);
    });
  else if (*is_written)
    std::call_once(x.is_written_told, [] {
      spdlog::warn("the main node's mark beside the pictures was overwritten "
                   "or removed, and is written again: workers that were "
                   "refused join at their next try");
    });
}

} // namespace

std::function<void()> mark_keeper(caf::actor_system& system,
                                  std::function<result<bool>()> keep) {
  auto watch = std::make_shared<mark_watch>();
  watch->keep = std::move(keep);
  return [&system, watch] {
    if (watch->is_looking.exchange(true))
      return;
    system.spawn<caf::detached>([watch](caf::event_based_actor*) {
      // Also after an exception.
      std::shared_ptr<void> done{nullptr, [watch](void*) {
                                   watch->is_looking = false;
                                 }};
      look_at_mark(*watch);
    });
  };
}

} // namespace darkroom
