#include "sim/rest_check.hpp"

#include <algorithm>
#include <set>

namespace darkroom::sim {

namespace {

using keys = std::set<std::string>;

std::string list(const keys& what) {
  std::string out;
  for (const auto& x : what)
    out += (out.empty() ? "" : ", ") + x;
  return out.empty() ? "none" : out;
}

} // namespace

rest_check::rest_check(world in, cluster& nodes, const faults& trouble)
  : in_(std::move(in)),
    nodes_(nodes),
    faults_(trouble) {}

const dispatcher_state* rest_check::state_of_dispatcher() {
  auto main = nodes_.active();
  if (!main)
    return nullptr;
  auto handle = main->peers->find_any(role::dispatcher);
  if (!handle)
    return nullptr;
  using pointer = dispatcher_actor::stateful_pointer<dispatcher_state>;
  auto* actor = dynamic_cast<pointer>(handle->get());
  return actor == nullptr ? nullptr : &actor->state;
}

bool rest_check::is_reached() {
  return in_.on.now() > faults_.last() + scenario::aftermath
         && in_.on.now() > scenario::aftermath && in_.redis.is_idle()
         && in_.net.under_way() == 0 && state_of_dispatcher() != nullptr;
}

void rest_check::look() {
  if (is_reached())
    compare(*state_of_dispatcher());
}

void rest_check::compare(const dispatcher_state& dispatcher) {
  keys leases;
  keys running;
  for (const auto& [key, x] : dispatcher.leases().all()) {
    if (!x.lost)
      leases.insert(key);
    if (x.holds_slot)
      running.insert(key);
  }
  keys locks;
  const auto& queue = in_.redis.queue();
  for (const auto& id : queue.active)
    if (auto owner = queue.owner_of(id); !owner.empty())
      locks.insert(key_of(id, owner));
  keys runs;
  for (const auto& worker : nodes_.workers())
    if (auto pool = worker->peers->find_any(role::processor_pool)) {
      const auto& here = in_.redis.books().runs_of(pool->id());
      runs.insert(here.begin(), here.end());
    }
  if (leases != locks || running != runs)
    in_.on.blame("at rest the dispatcher has leases of " + list(leases)
                 + ", running " + list(running) + "; the queue has locks of "
                 + list(locks) + "; the pools run " + list(runs));
}

void rest_check::close() {
  const auto* dispatcher = state_of_dispatcher();
  if (dispatcher != nullptr && !dispatcher->leases().all().empty())
    in_.on.blame("all jobs have ended, and the dispatcher has leases left");
  look();
}

std::string rest_check::what_is_left() {
  const auto& queue = in_.redis.queue();
  std::string out;
  for (const auto& [id, x] : queue.jobs)
    if (queue.completed.count(id) + queue.failed.count(id) == 0)
      out += (out.empty() ? "job " : ", ") + id + " ("
             + (std::find(queue.active.begin(), queue.active.end(), id)
                    != queue.active.end()
                  ? "active, lock of '" + queue.owner_of(id) + "'"
                  : "waits")
             + ")";
  return out.empty() ? "all jobs have ended, and something is under way" : out;
}

} // namespace darkroom::sim
