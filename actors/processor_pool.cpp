#include "actors/processor_pool.hpp"

#include "actors/jobs/job_type.hpp"
#include "actors/lease_table.hpp"
#include "actors/mailbox.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

processor_pool_state::processor_pool_state(processor_pool_actor::pointer self)
  : self_(self) {}

processor_pool_state::~processor_pool_state() {
  // A processor ends after its present job: cut that short.
  for (auto& x : workers_) {
    caf::anon_send_exit(x.handle, caf::exit_reason::kill);
    x.control->cancel();
  }
}

void processor_pool_state::init(directory_ptr peers,
                                processor_pool_options options) {
  peers_ = std::move(peers);
  options_ = std::move(options);
  draining_ = options_.is_quiet;
  self_->send(self_, poll_v);
}

// -- the dispatcher -----------------------------------------------------------

void processor_pool_state::look_later() {
  if (look_due_)
    return;
  look_due_ = true;
  self_->delayed_send(self_, pool_poll, poll_v);
}

void processor_pool_state::look_for_dispatcher() {
  look_due_ = false;
  auto found = peers_->find<dispatcher_actor>(role::dispatcher);
  if (found && found != dispatcher_) {
    dispatcher_ = found;
    self_->monitor(dispatcher_);
    offer_slots();
    finish_drain();
    return;
  }
  if (!found)
    forget_dispatcher(); // the UPLINK lost the main node
  if (!dispatcher_)
    look_later();
}

void processor_pool_state::forget_dispatcher() {
  if (!dispatcher_)
    return;
  self_->demonitor(dispatcher_.address());
  dispatcher_ = nullptr;
}

void processor_pool_state::offer_slots() {
  auto takes_jobs = !draining_ && !*options_.cordoned;
  pool_hello hello{
    options_.node, takes_jobs ? options_.slots : 0, {}, options_.job_types};
  for (const auto& [key, x] : running_)
    hello.running.push_back(x);
  for (const auto& [serial, x] : unsettled_)
    hello.running.push_back(x.work);
  self_->request(dispatcher_, actor_timeout, std::move(hello))
    .then([this, offer = ++offers_](
            uint32_t) { answered_ = std::max(answered_, offer); },
          [this, asked = dispatcher_.address()](caf::error&) {
            // Lost on its way. Asked of one that is dead by now: DOWN told.
            if (!dispatcher_ || dispatcher_.address() != asked)
              return;
            dispatcher_ = nullptr;
            look_later();
          });
  // The offer names their jobs: the dispatcher waits for their outcomes.
  deliver_unsettled();
}

void processor_pool_state::keep(job work, outcome result,
                                std::vector<outcome>& sent) {
  result.serial = ++serials_;
  sent.push_back(result);
  unsettled_.emplace(result.serial,
                     ended_job{std::move(work), std::move(result)});
}

void processor_pool_state::deliver(std::vector<outcome> ended) {
  if (!ended.empty() && dispatcher_)
    self_->send(dispatcher_, outcome_batch{std::move(ended)});
}

void processor_pool_state::deliver_unsettled() {
  std::vector<outcome> ended;
  for (const auto& [serial, x] : unsettled_)
    ended.push_back(x.result);
  deliver(std::move(ended));
}

void processor_pool_state::down(const caf::actor_addr& source) {
  if (dispatcher_ && dispatcher_.address() == source) {
    spdlog::warn("pool lost the dispatcher; {} jobs run on", running_.size());
    dispatcher_ = nullptr;
    if (auto up = peers_->find<uplink_actor>(role::uplink))
      self_->send(up, poll_v);
    look_later();
    return;
  }
  auto dead = std::find_if(workers_.begin(), workers_.end(), [&](auto& x) {
    return x.handle.address() == source;
  });
  if (dead == workers_.end())
    return;
  auto key = dead->running;
  workers_.erase(dead);
  lost(key);
}

/// The processor of this run is dead.
void processor_pool_state::lost(const std::string& key) {
  auto found = running_.find(key);
  if (found == running_.end())
    return;
  outcome lost;
  lost.job_id = found->second.id;
  lost.token = found->second.token;
  lost.kind = outcome_kind::returned;
  lost.runner_died = true;
  end(std::move(lost));
}

// -- jobs ---------------------------------------------------------------------

void processor_pool_state::take(const caf::actor_addr& dispatcher,
                                job_batch& batch) {
  if (!dispatcher_ || dispatcher_.address() != dispatcher)
    return; // an old dispatcher's; its successor gives the jobs back
  for (auto serial : batch.settled)
    unsettled_.erase(serial);
  // They were sent before our newest offer was read, which does not name them:
  // so they go back.
  if (answered_ < offers_)
    return;
  if (draining_ || *options_.cordoned)
    return; // sent before it knew: our hello did not name them, so they go back
  run(batch.jobs, dispatcher);
}

const job_type* processor_pool_state::type_of(const job& work) const {
  const auto& names = options_.job_types;
  auto is_ours = names.empty()
                 || std::find(names.begin(), names.end(), work.name)
                      != names.end();
  return is_ours ? find_job_type(work.name, options_.diagnostics) : nullptr;
}

void processor_pool_state::run(std::vector<job>& jobs,
                               const caf::actor_addr& dispatcher) {
  std::vector<outcome> ended;
  for (auto& work : jobs) {
    if (auto problem = validate(work);
        is_dropped(problem, "pool dropped a job", dispatcher)) {
      ended.push_back(invalid_outcome(work.id, work.token, problem));
      continue;
    }
    const auto* type = type_of(work);
    if (type == nullptr || type->is_cheap || !work.deferred_failure.empty()) {
      auto result = run_inline(work);
      keep(std::move(work), std::move(result), ended);
      continue;
    }
    auto& chosen = idle_worker();
    chosen.running = key_of(work.id, work.token);
    chosen.control->reset();
    self_->send(chosen.handle, work);
    running_.emplace(chosen.running, std::move(work));
  }
  deliver(std::move(ended));
}

outcome processor_pool_state::run_inline(const job& work) {
  run_control control;
  std::vector<job_update> updates;
  job_context context{work,
                      nullptr,
                      control,
                      [&updates](job_update x) {
                        updates.push_back(std::move(x));
                      },
                      {}};
  auto out = run_job(type_of(work), context);
  out.updates = std::move(updates);
  return out;
}

processor_pool_state::worker& processor_pool_state::idle_worker() {
  auto idle = std::find_if(workers_.begin(), workers_.end(),
                           [](auto& x) { return x.running.empty(); });
  if (idle != workers_.end())
    return *idle;
  auto control = std::make_shared<run_control>();
  auto handle = options_.spawn_processor
                  ? options_.spawn_processor(self_, control)
                  : self_->spawn<caf::detached + caf::monitored>(
                    processor, processor_pool_actor{self_}, options_.make_tools,
                    control, options_.diagnostics);
  workers_.push_back({handle, control, {}});
  return workers_.back();
}

void processor_pool_state::end(outcome ended) {
  auto key = key_of(ended.job_id, ended.token);
  for (auto& x : workers_)
    if (x.running == key)
      x.running.clear();
  auto found = running_.find(key);
  if (found == running_.end())
    return; // answered already: its processor died, or the drain's time is up
  auto work = std::move(found->second);
  running_.erase(found);
  std::vector<outcome> sent;
  keep(std::move(work), std::move(ended), sent);
  deliver(std::move(sent));
  finish_drain();
}

void processor_pool_state::relay(job_update update) {
  if (dispatcher_)
    self_->send(dispatcher_, update_batch{{std::move(update)}});
}

void processor_pool_state::cancel(const cancel_runs& wanted) {
  if (is_dropped(validate(wanted), "pool dropped a cancellation",
                 caf::actor_cast<caf::actor_addr>(self_->current_sender())))
    return;
  for (const auto& run : wanted.runs) {
    auto key = key_of(run.job_id, run.token);
    if (running_.count(key) == 0)
      continue;
    if (wanted.grace_ms > 0)
      self_->delayed_send(self_, std::chrono::milliseconds{wanted.grace_ms},
                          overdue_v, key);
    for (auto& x : workers_)
      if (x.running == key) {
        if (wanted.grace_ms > 0)
          x.control->ask();
        else
          x.control->cancel();
      }
  }
}

void processor_pool_state::cut_short(const std::string& key) {
  for (auto& x : workers_)
    if (x.running == key)
      x.control->cancel();
}

// -- orders -------------------------------------------------------------------

void processor_pool_state::cordon(bool is_cordoned) {
  if (options_.cordoned->exchange(is_cordoned) == is_cordoned)
    return;
  spdlog::info("pool {}", is_cordoned ? "takes no new jobs: cordoned"
                                      : "takes jobs again");
  if (dispatcher_)
    offer_slots();
}

void processor_pool_state::lose_processor() {
  auto chosen = std::find_if(workers_.begin(), workers_.end(),
                             [](auto& x) { return !x.running.empty(); });
  if (chosen == workers_.end())
    chosen = workers_.begin();
  if (chosen == workers_.end())
    return; // none was started yet
  auto victim = std::move(*chosen);
  workers_.erase(chosen);
  // It ends once its job returns. What it says then comes too late, as from a
  // thread that had died.
  self_->demonitor(victim.handle.address());
  caf::anon_send_exit(victim.handle, caf::exit_reason::kill);
  victim.control->cancel();
  spdlog::warn("pool loses a processor: a chaos order");
  lost(victim.running);
}

pool_status processor_pool_state::look() const {
  return {options_.slots, static_cast<uint32_t>(running_.size()),
          static_cast<uint32_t>(workers_.size()), *options_.cordoned};
}

// -- drain --------------------------------------------------------------------

caf::result<drain_report> processor_pool_state::drain(int64_t grace_ms) {
  drained_ = self_->make_response_promise<drain_report>();
  draining_ = true;
  if (dispatcher_)
    offer_slots();
  self_->delayed_send(self_, std::chrono::milliseconds{grace_ms}, overdue_v);
  finish_drain();
  return drained_;
}

void processor_pool_state::cancel_rest() {
  report_.handed_back = static_cast<uint32_t>(running_.size());
  for (auto& x : workers_)
    x.control->cancel();
  if (dispatcher_) { // the cancelled jobs' outcomes end the drain
    finish_drain();
    return;
  }
  report_.handed_back += static_cast<uint32_t>(unsettled_.size());
  report_.stranded = report_.handed_back;
  if (drained_.pending())
    drained_.deliver(report_);
}

void processor_pool_state::finish_drain() {
  if (!draining_ || !running_.empty() || !drained_.pending())
    return;
  if (!dispatcher_) {
    if (unsettled_.empty())
      drained_.deliver(report_);
    return;
  }
  // Its answer says that all outcomes before it have arrived.
  self_
    ->request(dispatcher_, actor_timeout,
              pool_hello{options_.node, 0, {}, options_.job_types})
    .then([this](uint32_t) { end_drain(); },
          [this](caf::error&) { end_drain(); });
}

void processor_pool_state::end_drain() {
  if (drained_.pending())
    drained_.deliver(report_);
}

processor_pool_actor::behavior_type processor_pool(
  processor_pool_actor::stateful_pointer<processor_pool_state> self,
  directory_ptr peers, processor_pool_options options) {
  answer_mailbox(self);
  self->set_down_handler(
    [self](caf::down_msg& message) { self->state.down(message.source); });
  self->state.init(std::move(peers), std::move(options));
  return {
    [self](job_batch& batch) {
      self->state.take(caf::actor_cast<caf::actor_addr>(self->current_sender()),
                       batch);
    },
    [self](const cancel_runs& wanted) { self->state.cancel(wanted); },
    [self](const node_order& order) { self->state.cordon(order.is_cordoned); },
    [self](const chaos_order& order) {
      if (order.actor == "processor")
        self->state.lose_processor();
    },
    [self](look_pool) { return self->state.look(); },
    [self](outcome& ended) { self->state.end(std::move(ended)); },
    [self](job_update& update) { self->state.relay(std::move(update)); },
    [self](const call_request& call) -> caf::result<int64_t> {
      if (!self->state.dispatcher())
        return caf::make_error(caf::sec::cannot_connect_to_node);
      return self->delegate(self->state.dispatcher(), call);
    },
    [self](drain, int64_t grace_ms) { return self->state.drain(grace_ms); },
    [self](overdue) { self->state.cancel_rest(); },
    [self](overdue, const std::string& key) { self->state.cut_short(key); },
    [self](poll) {
      // A new link: the main node has forgotten the slots that it was offered.
      if (self->current_sender() != self->ctrl())
        self->state.forget_dispatcher();
      self->state.look_for_dispatcher();
    },
  };
}

} // namespace darkroom
