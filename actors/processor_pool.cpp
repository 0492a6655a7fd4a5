#include "actors/processor_pool.hpp"

#include "actors/mailbox.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <caf/sec.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

namespace {

/// Has the dispatcher answer what a processor asks.
template <class Answer, class Question>
caf::result<Answer>
pass_on(processor_pool_actor::stateful_pointer<processor_pool_state> self,
        const Question& asked) {
  const auto& dispatcher = self->state.dispatcher();
  if (!dispatcher)
    return caf::make_error(caf::sec::cannot_connect_to_node);
  return self->delegate(dispatcher, asked);
}

} // namespace

processor_pool_state::processor_pool_state(processor_pool_actor::pointer self)
  : self_(self) {}

processor_pool_state::~processor_pool_state() {
  // A processor ends after its current job, so that is stopped.
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
    options_.node, takes_jobs ? slots() : 0, {}, options_.job_types};
  for (const auto& [key, x] : running_)
    hello.running.push_back(x);
  for (const auto& [serial, x] : unsettled_)
    hello.running.push_back(x.work);
  self_->request(dispatcher_, actor_timeout, std::move(hello))
    .then([this, offer = ++offers_](
            uint32_t) { answered_ = std::max(answered_, offer); },
          [this, asked = dispatcher_.address()](caf::error&) {
            // The offer was lost. If its dispatcher is dead by now, DOWN has
            // been handled.
            if (!dispatcher_ || dispatcher_.address() != asked)
              return;
            dispatcher_ = nullptr;
            look_later();
          });
  // The offer named these jobs, so the dispatcher waits for their outcomes.
  deliver_unsettled();
}

void processor_pool_state::keep(job work, outcome result,
                                std::vector<outcome>& sent) {
  result.serial = ++serials_;
  if (result.kind == outcome_kind::completed
      || result.kind == outcome_kind::failed
      || result.kind == outcome_kind::refused)
    ++done_;
  sent.push_back(result);
  auto serial = result.serial;
  unsettled_.emplace(serial, ended_job{std::move(work), std::move(result)});
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

// -- orders -------------------------------------------------------------------

void processor_pool_state::cordon(const node_order& order) {
  order_ = order.id;
  if (options_.cordoned->exchange(order.is_cordoned) == order.is_cordoned)
    return;
  spdlog::info("pool {}", order.is_cordoned ? "takes no new jobs: cordoned"
                                            : "takes jobs again");
  if (dispatcher_)
    offer_slots();
}

void processor_pool_state::lose_processor() {
  if (!options_.allows_chaos)
    return;
  auto chosen = std::find_if(workers_.begin(), workers_.end(),
                             [](auto& x) { return !x.running.empty(); });
  if (chosen == workers_.end())
    chosen = workers_.begin();
  if (chosen == workers_.end())
    return; // none has been started
  auto victim = std::move(*chosen);
  workers_.erase(chosen);
  // The processor ends when its job returns. The job's outcome is then ignored,
  // like that of a dead thread.
  self_->demonitor(victim.handle.address());
  caf::anon_send_exit(victim.handle, caf::exit_reason::kill);
  victim.control->cancel();
  spdlog::warn("pool loses a processor: a chaos order");
  lost(victim.running);
}

pool_status processor_pool_state::look() const {
  pool_status out{slots(),
                  static_cast<uint32_t>(running_.size()),
                  *options_.cordoned,
                  order_,
                  {},
                  done_};
  auto now = self_->clock().now();
  for (const auto& x : workers_) {
    auto job = running_.find(x.running);
    if (job == running_.end())
      out.processors.emplace_back();
    else
      out.processors.push_back(
        {job->second.id,
         std::chrono::duration_cast<std::chrono::milliseconds>(now - x.since)
           .count()});
  }
  return out;
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
      auto sender = caf::actor_cast<caf::actor_addr>(self->current_sender());
      if (!is_dropped(validate(batch), "pool dropped jobs", sender))
        self->state.take(sender, batch);
    },
    [self](const cancel_runs& wanted) { self->state.cancel(wanted); },
    [self](const node_order& order) { self->state.cordon(order); },
    [self](const chaos_order& order) {
      if (order.actor == "processor")
        self->state.lose_processor();
    },
    [self](look_pool) { return self->state.look(); },
    [self](outcome& ended) { self->state.end(std::move(ended)); },
    [self](job_update& update) { self->state.relay(std::move(update)); },
    [self](const provider_query& call) -> caf::result<provider_permit> {
      return pass_on<provider_permit>(self, call);
    },
    [self](const provider_report& call) -> caf::result<provider_news> {
      return pass_on<provider_news>(self, call);
    },
    [self](const result_query& query) -> caf::result<known_result> {
      return pass_on<known_result>(self, query);
    },
    [self](drain, int64_t grace_ms) { return self->state.drain(grace_ms); },
    [self](overdue) { self->state.cancel_rest(); },
    [self](overdue, const std::string& key) { self->state.cut_short(key); },
    [self](poll) {
      // After a new link, the main node has forgotten the offered slots.
      if (self->current_sender() != self->ctrl())
        self->state.forget_dispatcher();
      self->state.look_for_dispatcher();
    },
  };
}

} // namespace darkroom
