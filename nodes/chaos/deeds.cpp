#include "nodes/chaos/deeds.hpp"

#include "nodes/main_api.hpp"
#include "services/redis/explain_text.hpp"
#include "services/redis/server_harm.hpp"
#include "services/text/percent.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

namespace {

/// A worker that a service manager restarts is back within this time.
constexpr std::chrono::seconds patience{30};

status did(const result<nlohmann::json>& answer) {
  if (!answer)
    return answer.error();
  return ok;
}

} // namespace

chaos_deeds::chaos_deeds(const settings& config, main_address main,
                         uint32_t blast_radius)
  : main_(std::move(main)),
    redis_(config.redis),
    blast_radius_(blast_radius) {}

chaos_deeds::~chaos_deeds() {
  undo();
}

// -- whether ------------------------------------------------------------------

status chaos_deeds::allow(const plan_step& step,
                          const cluster_sight& cluster) const {
  if (absent_.count(step.node) > 0)
    return fail(ec::conflict, step.node + " has not come back yet");
  if (takes_away(step.kind) && absent_.size() >= blast_radius_)
    return fail(ec::conflict, absent_.begin()->first
                                + " has not come back yet: the blast radius is "
                                + std::to_string(blast_radius_));
  if (is_on_redis(step.kind)
      || (step.kind == harm::kill_actor && step.node == main_target))
    return ok;
  return allow_worker(step, cluster);
}

status chaos_deeds::allow_worker(const plan_step& step,
                                 const cluster_sight& cluster) const {
  const auto* worker = cluster.find(step.node);
  if (worker == nullptr)
    return fail(ec::not_found, step.node + " is not in the cluster");
  if (!worker->allows_chaos)
    return fail(ec::conflict, step.node + " does not allow chaos");
  auto present
    = std::count_if(cluster.workers.begin(), cluster.workers.end(),
                    [&](const auto& x) { return absent_.count(x.name) == 0; });
  if (takes_away(step.kind) && present < 2)
    return fail(ec::conflict, step.node + " is the last worker");
  return ok;
}

// -- what ---------------------------------------------------------------------

status chaos_deeds::act(const plan_step& step) {
  auto cluster = look_at_cluster(main_);
  if (!cluster)
    return std::move(cluster.error());
  if (auto allowed = allow(step, *cluster); !allowed)
    return allowed;
  switch (step.kind) {
    case harm::kill_actor:
      return act_on_actor(step);
    case harm::kill_clients:
    case harm::stop_redis:
      return act_on_redis(step);
    default:
      return act_on_worker(step, *cluster->find(step.node));
  }
}

status chaos_deeds::act_on_actor(const plan_step& step) {
  auto node = step.node == main_target ? std::string{}
                                       : "/nodes/" + percent_encoded(step.node);
  return did(ask_main(main_ + "/api/chaos" + node + "/kill/"
                        + percent_encoded(step.actor),
                      "{}"));
}

status chaos_deeds::act_on_worker(const plan_step& step,
                                  const worker_sight& worker) {
  absence away{
    step, steady::now(), steady::now() + step.away, worker.boot_id, 0,
    {},   false};
  if (step.kind == harm::kill_worker) {
    if (auto killed = kill_process(worker.process); !killed)
      return killed;
  } else if (step.kind == harm::freeze_worker) {
    auto frozen = frozen_process::freeze(worker.process, step.away);
    if (!frozen)
      return std::move(frozen.error());
    away.frozen = std::move(*frozen);
  } else {
    auto seconds = std::max<int64_t>(1, (step.away.count() + 500) / 1000);
    auto cut = ask_main(main_ + "/api/chaos/nodes/" + percent_encoded(step.node)
                          + "/cut?seconds=" + std::to_string(seconds),
                        "{}");
    if (!cut)
      return std::move(cut.error());
  }
  absent_.emplace(step.node, std::move(away));
  return ok;
}

status chaos_deeds::act_on_redis(const plan_step& step) {
  if (step.kind == harm::kill_clients) {
    auto killed = kill_clients(redis_);
    if (!killed)
      return std::move(killed.error());
    return ok;
  }
  absence away{step, steady::now(), steady::now() + step.away, {}, 0,
               {},   false};
  if (auto stopped = stop_redis(step, away); !stopped)
    return stopped;
  absent_.emplace(step.node, std::move(away));
  return ok;
}

status chaos_deeds::stop_redis(const plan_step& step, absence& away) {
  if (auto reached = redis_.ensure(); !reached) // then its place is known
    return reached;
  auto process = server_process(redis_, redis_.place().where);
  if (process) {
    auto frozen = frozen_process::freeze(*process, step.away);
    if (frozen) {
      away.frozen = std::move(*frozen);
      return ok;
    }
    spdlog::info("chaos: {}", frozen.error().context);
  } else {
    spdlog::info("chaos: {}", process.error().context);
  }
  spdlog::info("chaos: Redis holds back writes instead of being frozen");
  away.pauses_redis = true;
  return pause_writes(redis_, step.away);
}

// -- back again ---------------------------------------------------------------

void chaos_deeds::end(absence& x) {
  if (x.frozen)
    x.frozen->thaw();
  if (std::exchange(x.pauses_redis, false))
    if (auto resumed = resume_writes(redis_); !resumed)
      spdlog::warn("chaos: the pause of Redis ends by itself: {}",
                   resumed.error().context);
}

bool chaos_deeds::is_back(absence& x, const cluster_sight& cluster) const {
  const auto* worker = cluster.find(x.step.node);
  if (worker == nullptr)
    return false;
  if (x.step.kind == harm::kill_worker)
    return worker->boot_id != x.boot_id;
  // It may still be listed; it is back once the main node hears from it.
  if (x.last_seen == 0)
    x.last_seen = worker->last_seen;
  return worker->last_seen > x.last_seen || worker->boot_id != x.boot_id;
}

void chaos_deeds::tick() {
  auto now = steady::now();
  std::optional<cluster_sight> cluster;
  for (auto i = absent_.begin(); i != absent_.end();) {
    auto& x = i->second;
    if (now < x.until) {
      ++i;
      continue;
    }
    end(x);
    if (x.step.node != redis_target) {
      if (!cluster)
        if (auto seen = look_at_cluster(main_))
          cluster = std::move(*seen);
      if (!cluster || !is_back(x, *cluster)) {
        ++i;
        continue;
      }
    }
    i = absent_.erase(i);
  }
}

void chaos_deeds::undo() {
  for (auto& [target, x] : absent_) {
    end(x);
    x.until = std::min(x.until, steady::now());
  }
}

std::chrono::milliseconds chaos_deeds::absence::ago() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now()
                                                               - until);
}

bool chaos_deeds::waits_for_some() const {
  return std::any_of(absent_.begin(), absent_.end(),
                     [](const auto& x) { return x.second.ago() < patience; });
}

std::vector<std::string> chaos_deeds::missing() const {
  std::vector<std::string> out;
  for (const auto& [target, x] : absent_)
    if (auto ago = x.ago(); ago >= patience)
      out.push_back(to_string(x.step) + ", " + span_text(ago.count())
                    + " ago: start it again");
  return out;
}

} // namespace darkroom
