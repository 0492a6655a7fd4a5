#include "sim/scenario.hpp"

#include <iterator>

namespace darkroom::sim {

namespace {

template <size_t N>
milliseconds one_of(dice& random, const int (&list)[N]) {
  return milliseconds{list[random.below(N)]};
}

} // namespace

scenario draw_scenario(dice& random, std::optional<uint32_t> jobs) {
  scenario out;
  out.workers = 2 + static_cast<uint32_t>(random.below(3));
  out.jobs = jobs.value_or(60 + static_cast<uint32_t>(random.below(91)));
  out.has_standby = random.percent(70);
  auto& queue = out.config.queue;
  queue.limit_max = 0;
  if (random.percent(50)) {
    // About as many starts as added jobs, so that the limit matters.
    auto a_second = 2 + static_cast<uint32_t>(random.below(4));
    queue.limit_window = one_of(random, {500, 1000, 3000});
    queue.limit_max
      = static_cast<uint32_t>(a_second * queue.limit_window.count() / 1000);
  }
  queue.lock_duration = one_of(random, {2000, 5000, 10000, 30000});
  queue.stalled_interval = one_of(random, {2000, 5000, 10000});
  queue.max_stalled = random.percent(50) ? 1 : 3;
  queue.drain_delay = one_of(random, {1000, 5000});
  out.config.worker.concurrency = 1 + static_cast<uint32_t>(random.below(5));
  out.config.worker.diagnostics = true;
  out.config.worker.grace = one_of(random, {200, 1000, 3000});
  out.config.cluster.node_timeout = one_of(random, {1500, 3000});
  out.fault_pause = one_of(random, {0, 300, 1000, 3000, 8000});
  return out;
}

} // namespace darkroom::sim
