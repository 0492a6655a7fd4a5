#include "sim/stage.hpp"

#include "messages/type_ids.hpp"

#include <caf/scheduled_actor.hpp>

#include <algorithm>

namespace darkroom::sim {

namespace {

/// The start of the virtual wall clock: any time longer than all windows.
constexpr std::chrono::hours epoch{100};

caf::actor_id id_of(caf::resumable* job) {
  auto* actor = dynamic_cast<caf::scheduled_actor*>(job);
  return actor == nullptr ? caf::invalid_actor_id : actor->id();
}

} // namespace

stage::config::config() {
  add_message_types<caf::id_block::darkroom>();
  set("scheduler.policy", caf::atom("testing"));
}

stage::stage(uint64_t seed, bool prints)
  : trace_(prints),
    random_(seed),
    system_(config_),
    scheduler_(
      dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())) {
  scheduler_.clock().current_time = caf::actor_clock::time_point{epoch};
}

// -- time ---------------------------------------------------------------------

microseconds stage::now() const {
  auto since = scheduler_.clock().now().time_since_epoch() - epoch;
  return std::chrono::duration_cast<microseconds>(since);
}

int64_t stage::now_ms() const {
  return std::chrono::duration_cast<milliseconds>(now() + epoch).count();
}

void stage::in(microseconds delay, action what) {
  agenda_.emplace(now() + delay, std::move(what));
}

void stage::in(const host_ptr& where, microseconds delay, action what) {
  in(delay, [where, what = std::move(what)] {
    if (where->is == host::condition::frozen)
      where->overdue.push_back(what);
    else if (!where->is_dead())
      what();
  });
}

microseconds stage::next_time() const {
  auto out = microseconds::max();
  if (!agenda_.empty())
    out = agenda_.begin()->first;
  const auto& timers = scheduler_.clock().schedule();
  if (!timers.empty()) {
    auto at = timers.begin()->first.time_since_epoch() - epoch;
    // Rounded up, so that it is really due then.
    out = std::min(out, std::chrono::ceil<microseconds>(at));
  }
  return out;
}

bool stage::advance() {
  auto next = next_time();
  if (next == microseconds::max())
    return false;
  scheduler_.clock().advance_time(std::max(next - now(), microseconds{0}));
  if (!agenda_.empty() && agenda_.begin()->first <= now()) {
    auto first = agenda_.extract(agenda_.begin());
    first.mapped()();
  }
  return true;
}

// -- hosts --------------------------------------------------------------------

host_ptr stage::start_host(const std::string& node) {
  auto out = std::make_shared<host>();
  out->node = node;
  out->name = node + "#" + std::to_string(++starts_[node]);
  tell("start", out->name);
  return out;
}

void stage::freeze(const host_ptr& x) {
  tell("freeze", x->name);
  x->is = host::condition::frozen;
}

void stage::thaw(const host_ptr& x) {
  tell("thaw", x->name);
  x->is = host::condition::running;
  ready_.insert(ready_.end(), x->parked.begin(), x->parked.end());
  x->parked.clear();
  for (const auto& what : std::exchange(x->overdue, {}))
    what();
}

void stage::kill(const host_ptr& x) {
  tell("kill", x->name);
  x->is = host::condition::dead;
  x->parked.clear();
  x->overdue.clear();
}

void stage::block(caf::actor_id who) {
  blocked_.insert(who);
}

void stage::unblock(caf::actor_id who) {
  blocked_.erase(who);
  if (auto found = waiting_.find(who); found != waiting_.end()) {
    ready_.push_back(found->second);
    waiting_.erase(found);
  }
}

// -- the play -----------------------------------------------------------------

void stage::collect() {
  auto& jobs = scheduler_.jobs;
  ready_.insert(ready_.end(), jobs.begin(), jobs.end());
  jobs.clear();
}

/// Whether an actor can run; if not, puts it aside.
bool stage::is_ready(caf::resumable* job) {
  auto id = id_of(job);
  if (auto found = players_.find(id); found != players_.end()) {
    auto& home = *found->second.home;
    if (home.is_dead())
      return false;
    if (home.is == host::condition::frozen) {
      home.parked.push_back(job);
      return false;
    }
  }
  if (blocked_.count(id) > 0) {
    waiting_[id] = job;
    return false;
  }
  return true;
}

void stage::tell_step(caf::resumable* job) {
  auto found = players_.find(id_of(job));
  if (found == players_.end())
    return;
  auto* actor = dynamic_cast<caf::scheduled_actor*>(job);
  auto* next = actor->mailbox().peek();
  std::string what = "starts";
  if (next != nullptr && !next->content().empty()) {
    const auto& content = next->content();
    what = content.match_element<caf::atom_value>(0)
             ? to_string(content.get_as<caf::atom_value>(0))
             : system_.types().portable_name(content.type(0));
  }
  tell(found->second.home->name, found->second.part, what);
}

/// Runs at the same stack address every time, because actors that answer later
/// remember the scheduler's worker, a local variable of try_run_once.
[[gnu::noinline]] void stage::run_one() {
  scheduler_.try_run_once();
}

bool stage::step() {
  collect();
  while (!ready_.empty()) {
    auto at = static_cast<long>(random_.below(ready_.size()));
    auto* job = ready_[static_cast<size_t>(at)];
    ready_.erase(ready_.begin() + at);
    if (!is_ready(job))
      continue;
    tell_step(job);
    scheduler_.jobs.push_front(job);
    run_one();
    ++steps_;
    return true;
  }
  return false;
}

void stage::blame(const std::string& what) {
  if (!violation_.empty())
    return;
  violation_ = what;
  tell("VIOLATION", what);
}

} // namespace darkroom::sim
