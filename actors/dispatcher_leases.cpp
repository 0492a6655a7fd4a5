/// The dispatcher's leases: which pools exist, which jobs run there, and what
/// happens when a pool or a lock is lost.
#include "actors/dispatcher.hpp"
#include "actors/jobs/job_subject.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace darkroom {

// -- pools --------------------------------------------------------------------

void dispatcher_state::join(const processor_pool_actor& pool,
                            const pool_hello& hello) {
  if (!pool)
    return;
  self_->monitor(pool);
  table_.join(pool, hello.node, hello.slots, hello.job_types);
  std::set<std::string> running;
  for (const auto& x : hello.running) {
    running.insert(key_of(x.id, x.token));
    if (auto* known = table_.find(x.id, x.token)) {
      known->pool = pool; // a new link: the old handle is dead
      // With an outcome, the job is being settled; without one, it is going
      // back.
      if (!known->holds_slot && known->serial == 0)
        stop_late_run(*known, pool);
      continue;
    }
    lease adopted;
    auto subject = subject_of(x.data);
    adopted.image_id = std::move(subject.image_id);
    adopted.file_path = std::move(subject.file_path);
    adopted.work = x;
    adopted.work.data.clear();
    adopted.pool = pool;
    adopted.started = options_.now();
    table_.add(std::move(adopted));
  }
  // Jobs that were sent to this pool and never arrived.
  std::vector<std::string> missing;
  for (const auto& [key, x] : table_.all())
    if (x.holds_slot && x.pool == pool && running.count(key) == 0)
      missing.push_back(key);
  for (const auto& key : missing)
    give_back(key, false);
  spdlog::info("dispatcher got {} slots of {} ({} jobs run there)", hello.slots,
               hello.node, running.size());
  if (!running.empty())
    renew_now(); // no dispatcher renewed meanwhile
  wake_waiting();
  budget_.expect_work();
  pump();
}

// The job is already going back, but its run continues and needs its slot.
void dispatcher_state::stop_late_run(const lease& x,
                                     const processor_pool_actor& pool) {
  auto late = x;
  late.pool = pool;
  late.holds_slot = true;
  auto key = key_of(x.work.id, x.work.token);
  table_.add(std::move(late));
  void_lease(key);
}

void dispatcher_state::leave(const caf::actor_addr& pool) {
  auto node = table_.node_of(pool);
  auto keys = table_.leave(pool);
  if (!keys.empty())
    spdlog::warn("dispatcher moves {} jobs of node {}, which is gone",
                 keys.size(), node);
  figures_.add(counter::jobs_moved, keys.size());
  for (const auto& key : keys)
    give_back(key, true);
  pump();
}

void dispatcher_state::leave(const std::string& node) {
  figures_.add(counter::nodes_lost);
  for (const auto& pool : table_.pools_of(node)) {
    self_->demonitor(pool);
    leave(pool);
  }
}

void dispatcher_state::give_back(const std::string& key, bool runner_died) {
  auto* x = table_.find(key);
  if (x == nullptr)
    return;
  table_.free_slot(*x);
  outcome ended;
  ended.job_id = x->work.id;
  ended.kind = outcome_kind::returned;
  ended.runner_died = runner_died;
  queue_settlement(*x, std::move(ended));
  budget_.expect_work();
}

// -- leases -------------------------------------------------------------------

void dispatcher_state::renew() {
  self_->delayed_send(self_, renew_interval(options_.queue), renew_v);
  renew_now();
}

renew_leases dispatcher_state::own_leases() const {
  // If a job has two runs, the older one has no lock to renew. Both have the
  // same attempt if a failover of Redis has lost the first start.
  auto is_older = [](const lease& a, const lease& b) {
    return std::pair{a.work.attempt, a.started}
           < std::pair{b.work.attempt, b.started};
  };
  std::map<std::string, const lease*> newest;
  for (const auto& [key, x] : table_.all()) {
    if (x.lost && !x.is_ending)
      continue; // nobody waits for its result
    auto& known = newest[x.work.id];
    if (known == nullptr || is_older(*known, x))
      known = &x;
  }
  renew_leases out;
  for (const auto& [id, x] : newest) {
    out.leases.push_back({id, x->work.token});
    out.attempts.push_back(x->work.attempt);
  }
  return out;
}

void dispatcher_state::renew_now() {
  auto message = own_leases();
  if (message.leases.empty())
    return;
  // By key, so that the answer does not void a run of the same job that is
  // claimed meanwhile.
  std::map<std::string, std::string> keys; // by job id
  for (const auto& [id, token] : message.leases)
    keys[id] = key_of(id, token);
  self_
    ->request(store_for(store_task::renewal), store_timeout, std::move(message))
    .then(
      [this, keys](const id_list& lost) {
        for (const auto& id : lost.ids)
          if (auto found = keys.find(id); found != keys.end())
            void_lease(found->second);
      },
      [](const caf::error& failed) {
        // The next round renews. It takes back an expired lock if nobody else
        // has claimed the job.
        spdlog::warn("dispatcher could not renew the locks of running jobs: {}",
                     caf::to_string(failed));
      });
}

void dispatcher_state::void_lease(const std::string& key) {
  auto* x = table_.find(key);
  if (x == nullptr || !x->holds_slot || x->lost)
    return;
  spdlog::warn("job {} lost its lease: its result will be void", x->work.id);
  x->lost = true;
  figures_.add(counter::leases_lost);
  self_->send(x->pool, cancel_runs{{{x->work.id, x->work.token}}});
}

id_list dispatcher_state::cancel(const cancel_jobs& jobs) {
  id_list out;
  for (auto& [key, x] : table_.all()) {
    if (!x.holds_slot || x.lost
        || std::find(jobs.ids.begin(), jobs.ids.end(), x.work.id)
             == jobs.ids.end())
      continue;
    x.cancelled = true;
    self_->send(x.pool, cancel_runs{{{x.work.id, x.work.token}},
                                    options_.worker.cancel_grace.count()});
    out.ids.push_back(x.work.id);
  }
  return out;
}

void dispatcher_state::check_stalled() {
  // The interval begins after this check, because the script counts from its
  // own last run and refuses a check that comes too early.
  auto again = [this] {
    self_->delayed_send(self_, options_.queue.stalled_interval, stalled_v);
  };
  self_
    ->request(store_for(store_task::stalled_check), store_timeout, stalled_v,
              own_leases())
    .then(
      [this, again](const id_list& recovered) {
        again();
        if (recovered.ids.empty())
          return;
        spdlog::warn("dispatcher recovered {} stalled jobs",
                     recovered.ids.size());
        figures_.add(counter::jobs_stalled, recovered.ids.size());
        budget_.expect_work();
        pump();
      },
      [again](const caf::error& failed) {
        spdlog::warn("dispatcher could not look for stalled jobs: {}",
                     caf::to_string(failed));
        again();
      });
}

} // namespace darkroom
