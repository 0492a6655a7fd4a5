/// How connections break, and when each side notices.
#include "sim/network.hpp"

#include <caf/actor_proxy.hpp>

#include <algorithm>

namespace darkroom::sim {

namespace {

constexpr microseconds notice{20000}; ///< of a reset, at most

} // namespace

void network::stall(const link_ptr& x, microseconds duration) {
  stage_.tell("stall", x->ends[0].home->name, x->ends[1].home->name,
              std::to_string(duration.count()));
  x->stalled_until = stage_.now() + duration;
  silent_[{x->ends[0].home->node, x->ends[1].home->node}] = x->stalled_until;
  if (duration < timeout_)
    return; // TCP sends everything again
  break_up(x);
  for (int end : {0, 1})
    close_soon(x, end, stage_.random().between(timeout_, timeout_ * 6 / 5));
}

void network::cut(const link_ptr& x) {
  stage_.tell("cut", x->ends[0].home->name, x->ends[1].home->name);
  break_up(x);
  for (int end : {0, 1})
    close_soon(x, end, stage_.random().between(microseconds{0}, notice));
}

void network::lose(const host_ptr& x) {
  for (const auto& one : std::vector<link_ptr>{links_})
    for (int end : {0, 1}) {
      if (one->ends[end].home != x)
        continue;
      break_up(one);
      one->ends[end].is_open = false;
      if (one->ends[1 - end].is_open)
        close_soon(one, 1 - end,
                   stage_.random().between(microseconds{0}, notice));
      else
        std::erase(links_, one);
    }
}

void network::miss(const host_ptr& x) {
  auto patience = stage_.random().between(timeout_, timeout_ * 6 / 5);
  for (const auto& one : links_)
    for (int end : {0, 1})
      if (one->ends[end].home == x && one->ends[1 - end].is_open)
        stage_.in(patience, [this, x, one, end] {
          if (x->is == host::condition::frozen && !one->is_broken) {
            break_up(one);
            close_end(one, 1 - end);
          }
        });
}

/// Each side gets a part of the parcels under way.
void network::break_up(const link_ptr& x) {
  if (x->is_broken)
    return;
  x->is_broken = true;
  for (auto& end : x->ends)
    end.incoming.resize(stage_.random().below(end.incoming.size() + 1));
}

void network::close_soon(const link_ptr& x, int end, microseconds delay) {
  auto& mine = x->ends[end];
  // Not before the parcels that still arrive.
  delay = std::max(delay, mine.last_arrival - stage_.now());
  stage_.in(mine.home, delay, [this, x, end] { close_end(x, end); });
}

void network::close_end(const link_ptr& x, int end) {
  auto& mine = x->ends[end];
  if (!mine.is_open)
    return;
  stage_.tell("lost", mine.home->name, x->ends[1 - end].home->name);
  mine.is_open = false;
  mine.incoming.clear();
  for (auto& [id, gone] : std::exchange(mine.proxies, {}))
    static_cast<caf::actor_proxy*>(gone->get())
      ->kill_proxy(nullptr, caf::exit_reason::remote_link_unreachable);
  if (x->ends[1 - end].is_open) // it notices, by a time-out at the latest
    close_soon(x, 1 - end,
               stage_.random().between(microseconds{0}, notice)
                 + std::max(x->stalled_until - stage_.now(), microseconds{0}));
  if (!x->ends[1 - end].is_open || x->ends[1 - end].home->is_dead())
    std::erase(links_, x);
}

} // namespace darkroom::sim
