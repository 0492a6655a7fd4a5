/// job_queue's part in job schedulers: like BullMQ's workers, it adds a
/// scheduler's next job when it takes one.
#include "services/redis/job_queue.hpp"
#include "services/redis/next_iteration.hpp"

#include <hiredis/hiredis.h>
#include <spdlog/spdlog.h>

namespace darkroom {

status job_queue::advance_scheduler(const std::string& taken_id,
                                    const std::string& scheduler,
                                    std::string_view options, int64_t now) {
  auto offset = field("repeat:" + scheduler, "offset");
  if (!offset)
    return std::move(offset.error());
  auto next = follow(taken_id, scheduler, options,
                     std::strtoll(offset->c_str(), nullptr, 10), now);
  if (!next)
    return std::move(next.error());
  if (!*next)
    return ok;
  const auto& x = **next;
  auto time = std::to_string(now);
  auto slot = std::to_string(x.slot);
  auto due = std::to_string(x.due);
  auto delay = std::to_string(x.delay_ms);
  auto priority = std::to_string(x.priority);
  auto done = connection_.script(
    "advance_scheduler.lua", {keys_.base(), time, scheduler, slot, due,
                              x.options, delay, priority, x.lifo ? "1" : "0"});
  if (!done)
    return std::move(done.error());
  if (number_of(**done) < 0)
    return fail(ec::bad_input, "it is of the kind before BullMQ 5");
  return ok;
}

status job_queue::advance_schedulers(const redisReply& claimed, int64_t now) {
  for (size_t i = first_claimed; i + 1 < claimed.elements; i += 2) {
    const auto& fields = *claimed.element[i + 1];
    if (fields.elements < 11)
      continue;
    std::string scheduler{text_of(*fields.element[10])};
    if (scheduler.empty())
      continue;
    std::string id{text_of(*claimed.element[i])};
    auto done = advance_scheduler(id, scheduler, text_of(*fields.element[2]),
                                  now);
    if (done)
      continue;
    // Without Redis the claim has failed as well. The job is given back, and
    // the scheduler advances when the job is taken again.
    if (done.error().code == ec::redis_unavailable)
      return done;
    spdlog::error("job scheduler {} does not repeat after job {}: {}",
                  scheduler, id, done.error().context);
  }
  return ok;
}

} // namespace darkroom
