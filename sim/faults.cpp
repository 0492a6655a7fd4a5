#include "sim/faults.hpp"

#include "config/defaults.hpp"

#include <algorithm>

namespace darkroom::sim {

namespace {

constexpr microseconds moment{50000};
constexpr seconds restart{2};      ///< of a process, at most
constexpr seconds long_freeze{9};  ///< longer than leases and time-outs
constexpr seconds long_silence{6}; ///< of a connection
constexpr seconds long_cordon{5};
constexpr seconds long_hang{7}; ///< of Redis, above its command time limit

/// Dispatchers die more often, because their deaths reveal most.
constexpr role main_victims[] = {
  role::dispatcher,   role::dispatcher,    role::dispatcher,
  role::job_store_a,  role::job_store_b,   role::job_watcher,
  role::rate_limiter, role::node_registry, role::catalog,
  role::lease_keeper,
};
constexpr role worker_victims[] = {role::uplink, role::processor_pool};

} // namespace

faults::faults(world in, cluster& nodes) : in_(std::move(in)), nodes_(nodes) {}

void faults::start() {
  if (in_.play.fault_pause.count() > 0)
    in_.on.in(scenario::calm_start, [this] { next(); });
  in_.on.in(scenario::heal_at, [this] {
    last_ = in_.on.now();
    nodes_.heal();
  });
}

void faults::next() {
  if (in_.on.now() >= scenario::heal_at)
    return;
  last_ = std::max(last_, in_.on.now());
  strike();
  in_.on.in(in_.on.random().between({}, 2 * in_.play.fault_pause),
            [this] { next(); });
}

/// A random duration of a fault, which ends before the healing at the latest.
microseconds faults::draw(microseconds least, microseconds most) {
  auto left = scenario::heal_at - in_.on.now();
  auto out = std::min<microseconds>(in_.on.random().between(least, most), left);
  last_ = std::max(last_, in_.on.now() + out);
  return out;
}

uint32_t faults::a_worker() {
  return static_cast<uint32_t>(in_.on.random().below(in_.play.workers));
}

void faults::strike() {
  auto& random = in_.on.random();
  switch (random.below(13)) {
    case 0:
    case 1:
    case 10:
      nodes_.kill_main_actor(
        main_victims[random.below(std::size(main_victims))]);
      break;
    case 2:
      nodes_.kill_worker_actor(
        a_worker(), worker_victims[random.below(std::size(worker_victims))]);
      break;
    case 3:
      nodes_.kill_worker(a_worker(), draw(moment, restart));
      break;
    case 4:
      nodes_.freeze_worker(a_worker(), draw(moment, long_freeze));
      break;
    case 5:
      nodes_.kill_main(draw(moment, restart));
      break;
    case 6:
      nodes_.freeze_main(draw(moment, long_freeze));
      break;
    case 7:
    case 8:
      strike_network();
      break;
    case 11:
    case 12:
      give_order();
      break;
    default:
      strike_redis();
  }
}

void faults::strike_network() {
  auto links = in_.net.open_links();
  if (links.empty())
    return;
  const auto& victim = links[in_.on.random().below(links.size())];
  if (in_.on.random().percent(40))
    in_.net.cut(victim);
  else
    in_.net.stall(victim, draw(moment, long_silence));
}

void faults::give_order() {
  switch (in_.on.random().below(3)) {
    case 0:
      nodes_.stop_main(draw(moment, restart));
      break;
    case 1:
      nodes_.stop_worker(a_worker(), draw(moment, restart));
      break;
    default:
      nodes_.cordon_worker(a_worker(), draw(moment, long_cordon));
      return;
  }
  last_ = std::max<microseconds>(
    last_, in_.on.now() + 2 * drain_limit(in_.play.config.worker));
}

void faults::strike_redis() {
  switch (in_.on.random().below(4)) {
    case 0:
      in_.redis.refuse(draw(moment, restart));
      break;
    case 1:
      in_.redis.hang(draw(moment, long_hang));
      break;
    case 2:
      in_.redis.lose_answers(draw(moment, restart));
      break;
    default:
      in_.redis.drop_connections();
  }
}

} // namespace darkroom::sim
