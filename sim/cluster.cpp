#include "sim/cluster.hpp"

#include "config/defaults.hpp"
#include "sim/orders.hpp"

#include <caf/send.hpp>

#include <algorithm>

namespace darkroom::sim {

namespace {

constexpr microseconds quick_start{50000};
constexpr microseconds slow_start{300000};
constexpr seconds restart_pause{1}; ///< after a process that gave up
constexpr seconds order_pause{1};   ///< until an order is repeated

} // namespace

cluster::cluster(world in) : in_(std::move(in)) {
  nodes_.push_back({"main-a", true, nullptr});
  if (in_.play.has_standby)
    nodes_.push_back({"main-b", true, nullptr});
  for (uint32_t i = 1; i <= in_.play.workers; ++i)
    nodes_.push_back({"worker-" + std::to_string(i), false, nullptr});
}

void cluster::start() {
  for (auto& x : nodes_)
    boot_later(x, {});
}

main_process_ptr cluster::main_of(const node& x) const {
  return x.is_main ? std::static_pointer_cast<main_process>(x.now) : nullptr;
}

cluster::node* cluster::active_node() {
  for (auto& x : nodes_)
    if (auto main = main_of(x);
        main && main->root && in_.redis.lease().is_valid(main->fence))
      return &x;
  return nullptr;
}

main_process_ptr cluster::active() const {
  for (const auto& x : nodes_)
    if (auto main = main_of(x); main && main->root
                                && main->home->is == host::condition::running
                                && in_.redis.lease().is_valid(main->fence))
      return main;
  return nullptr;
}

cluster::node& cluster::worker(uint32_t index) {
  return nodes_[nodes_.size() - 1 - index];
}

std::vector<process_ptr> cluster::workers() const {
  std::vector<process_ptr> out;
  for (const auto& x : nodes_)
    if (!x.is_main && x.now)
      out.push_back(x.now);
  return out;
}

// -- lives --------------------------------------------------------------------

void cluster::boot_later(node& x, microseconds delay) {
  delay += in_.on.random().between(quick_start, slow_start);
  in_.on.in(delay, [this, &x] {
    if (!x.now)
      boot(x);
  });
}

void cluster::boot(node& x) {
  auto home = in_.on.start_host(x.name);
  if (x.is_main) {
    auto mine = std::make_shared<main_process>();
    mine->home = home;
    x.now = mine;
    stand_by(x, mine);
    return;
  }
  x.now = std::make_shared<process>();
  x.now->home = home;
  start_worker(in_, x.now, [this](const std::string& name) -> main_process_ptr {
    for (const auto& other : nodes_)
      if (other.name == name)
        return main_of(other);
    return nullptr;
  });
  watch_root(x);
}

/// If its root gives up, a process ends and is restarted.
void cluster::watch_root(node& x) {
  x.now->root->get()->attach_functor([this, &x, mine = x.now] {
    in_.on.in({}, [this, &x, mine] {
      if (x.now == mine)
        end(x, restart_pause);
    });
  });
}

void cluster::end(node& x, microseconds down_for) {
  auto gone = std::exchange(x.now, nullptr);
  in_.net.lose(gone->home);
  in_.on.kill(gone->home);
  boot_later(x, down_for);
}

// -- main nodes ---------------------------------------------------------------

/// Like wait_for_lease in nodes/standby.cpp.
void cluster::stand_by(node& x, const main_process_ptr& mine) {
  auto got = std::make_shared<main_lease_model::answer>();
  auto before = std::make_shared<std::string>();
  in_.redis.call(
    mine->home,
    [this, mine, got, before] {
      auto& lease = in_.redis.lease();
      *before = lease.holder;
      *got = lease.take(mine->home->name, in_.play.config.cluster.lease.count(),
                        0, in_.on.now_ms());
    },
    [this, &x, mine, got, before](const std::string& why) {
      if (why.empty() && got->fence > 0)
        take_over(x, mine, got->fence, !before->empty());
      else
        in_.on.in(mine->home, standby_poll,
                  [this, &x, mine] { stand_by(x, mine); });
    });
}

void cluster::take_over(node& x, const main_process_ptr& mine, uint64_t fence,
                        bool was_silent) {
  const auto& limits = in_.play.config.cluster;
  in_.on.tell("takes over", mine->home->name, std::to_string(fence));
  mine->fence = fence;
  mine->adoption = 2 * limits.reconnect_max; // like nodes/main_node.cpp
  if (was_silent)
    mine->adoption += limits.node_timeout;
  mine->start_anew = [this, &x, mine] {
    if (x.now == mine)
      end(x, {});
  };
  start_main(in_, mine);
  watch_root(x);
}

// -- faults -------------------------------------------------------------------

void cluster::freeze(node& x, microseconds duration) {
  if (!x.now || x.now->home->is != host::condition::running)
    return;
  auto home = x.now->home;
  in_.on.freeze(home);
  in_.net.miss(home);
  in_.on.in(duration, [this, home] {
    if (home->is == host::condition::frozen)
      in_.on.thaw(home);
  });
}

void cluster::kill_main(microseconds down_for) {
  if (auto* x = active_node())
    end(*x, down_for);
}

void cluster::freeze_main(microseconds duration) {
  if (auto* x = active_node())
    freeze(*x, duration);
}

void cluster::kill_worker(uint32_t index, microseconds down_for) {
  auto& x = worker(index);
  if (x.now)
    end(x, down_for);
}

void cluster::freeze_worker(uint32_t index, microseconds duration) {
  freeze(worker(index), duration);
}

void cluster::kill_actor(const process& x, role which) {
  auto actor = x.peers->find_any(which);
  // The dispatcher in a worker's directory belongs to another node.
  if (!actor)
    return;
  in_.on.tell("kill actor", x.home->name, to_string(which));
  caf::anon_send_exit(actor, caf::exit_reason::kill);
}

void cluster::kill_main_actor(role which) {
  if (auto main = active())
    kill_actor(*main, which);
}

void cluster::kill_worker_actor(uint32_t index, role which) {
  auto& x = worker(index);
  if (x.now)
    kill_actor(*x.now, which);
}

// -- orders -------------------------------------------------------------------

void cluster::stop(node& x, role which, microseconds down_for) {
  if (!x.now || !x.now->root || x.now->is_leaving)
    return;
  x.now->is_leaving = true;
  drain(in_, x.now, which, [this, &x, mine = x.now, down_for](bool is_clean) {
    if (x.now != mine)
      return;
    if (auto main = main_of(x)) {
      if (is_clean)
        check_clean_end(*main);
      in_.redis.lease().release(mine->home->name, main->fence, in_.on.now_ms());
    }
    end(x, down_for);
  });
}

/// Checks that a main node that reports no stranded jobs leaves none behind.
void cluster::check_clean_end(const main_process& x) {
  if (!in_.redis.lease().is_valid(x.fence))
    return; // another main node's scripts may have run before
  const auto& queue = in_.redis.queue();
  for (const auto& id : queue.active)
    if (queue.owner_of(id).rfind(tokens_of(*x.home) + ":", 0) == 0)
      in_.on.blame("job " + id + " was left by the drain of " + x.home->name);
}

void cluster::stop_main(microseconds down_for) {
  if (auto* x = active_node())
    stop(*x, role::dispatcher, down_for);
}

void cluster::stop_worker(uint32_t index, microseconds down_for) {
  stop(worker(index), role::processor_pool, down_for);
}

void cluster::cordon_worker(uint32_t index, microseconds duration) {
  auto& x = worker(index);
  auto main = active();
  if (!main || !x.now)
    return;
  order(in_, *main, x.name, true);
  in_.on.in(duration, [this, &x] { uncordon(x); });
}

/// Repeats the order until the node obeys, because orders can get lost.
void cluster::uncordon(node& x) {
  auto main = active();
  if (main)
    order(in_, *main, x.name, false);
  in_.on.in(order_pause, [this, &x, is_given = main != nullptr] {
    if (!is_given || (x.now && *x.now->is_cordoned))
      uncordon(x);
  });
}

void cluster::heal() {
  in_.on.tell("heal");
  for (auto& x : nodes_)
    if (!x.is_main)
      uncordon(x);
  for (auto& x : nodes_)
    if (x.now && x.now->home->is == host::condition::frozen)
      in_.on.thaw(x.now->home);
    else if (!x.now)
      boot_later(x, {});
}

} // namespace darkroom::sim
