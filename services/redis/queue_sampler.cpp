#include "services/redis/queue_sampler.hpp"

#include "config/clock.hpp"

#include <utility>

namespace darkroom {

queue_sampler::queue_sampler(const settings& config, metrics_ptr counted)
  : counted_(std::move(counted)),
    queue_(config.redis, config.queue),
    redis_(config.redis),
    keys_(config.queue.prefix, config.queue.name),
    history_(redis_, keys_, config.http.history_days),
    noted_(ended()) {}

history_point queue_sampler::ended() const {
  auto total = [this](const char* outcome) {
    return static_cast<uint64_t>(
      counted_->value(counter::jobs_settled, {{"outcome", outcome}}));
  };
  history_point out;
  out.completed = total("completed");
  out.failed = total("failed");
  return out;
}

status queue_sampler::sample() {
  auto counts = queue_.counts();
  if (!counts)
    return std::move(counts.error());
  auto now = ended();
  history_point point;
  point.waiting = counts->waiting + counts->prioritized;
  point.active = counts->active;
  point.delayed = counts->delayed;
  point.completed = now.completed - noted_.completed;
  point.failed = now.failed - noted_.failed;
  auto done = history_.note(point, wall_clock_ms());
  if (done)
    noted_ = now;
  return done;
}

} // namespace darkroom
