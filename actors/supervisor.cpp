#include "actors/supervisor.hpp"

#include "actors/mailbox.hpp"
#include "config/defaults.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

void supervisor_state::init(std::vector<child_spec> specs,
                            supervisor_options options) {
  options_ = options;
  for (auto& spec : specs) {
    child added;
    added.spec = std::move(spec);
    children_.push_back(std::move(added));
  }
  for (auto& x : children_)
    start(x);
  self_->delayed_send(self_, options_.look_interval, poll_v);
}

void supervisor_state::start(child& x) {
  x.handle = x.spec.start();
  x.started = self_->clock().now();
  x.told.reset();
  x.asked.reset();
  x.is_asking = false;
  x.mailbox = 0;
  x.lag = std::chrono::milliseconds{0};
  self_->monitor(x.handle);
}

void supervisor_state::restart_child(uint32_t index) {
  if (!stopping_ && !children_[index].handle)
    start(children_[index]);
}

void supervisor_state::look_at_mailboxes() {
  self_->delayed_send(self_, options_.look_interval, poll_v);
  for (auto& x : children_)
    if (x.handle && !x.is_asking)
      look_at_mailbox(x);
}

void supervisor_state::look_at_mailbox(child& x) {
  if (!x.asked)
    x.asked = self_->clock().now();
  x.is_asking = true;
  self_
    ->request<caf::message_priority::high>(
      caf::actor_cast<caf::actor>(x.handle), actor_timeout, look_mailbox_v)
    .then(
      [this, &x, asked = x.handle](uint64_t waiting) {
        if (x.handle != asked)
          return;
        x.mailbox = waiting;
        x.lag = since(*x.asked);
        x.asked.reset();
        x.is_asking = false;
      },
      [&x, asked = x.handle](caf::error&) {
        if (x.handle == asked) // it blocks for longer
          x.is_asking = false;
      });
}

std::chrono::milliseconds
supervisor_state::since(caf::actor_clock::time_point then) const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
    self_->clock().now() - then);
}

child_list supervisor_state::list() const {
  child_list out;
  out.strategy = "one_for_one";
  for (const auto& x : children_) {
    auto is_up = x.handle != nullptr;
    auto lag = std::max(x.lag, x.asked ? since(*x.asked) : x.lag);
    out.children.push_back({x.spec.name, is_up, x.restarts,
                            is_up ? since(x.started).count() : 0, x.mailbox,
                            is_up ? lag.count() : 0});
  }
  return out;
}

bool supervisor_state::is_too_often() {
  auto now = self_->clock().now();
  history_.push_back(now);
  while (now - history_.front() > options_.period)
    history_.pop_front();
  return history_.size() > options_.max_restarts;
}

std::chrono::milliseconds supervisor_state::delay_of(child& failed) {
  if (self_->clock().now() - failed.started > options_.period)
    failed.failures = 0;
  auto shift = std::min<uint32_t>(failed.failures++, 16);
  if (shift == 0)
    return std::chrono::milliseconds{0};
  return std::min(options_.delay_min * (1 << (shift - 1)), options_.delay_max);
}

void supervisor_state::down(const caf::down_msg& message) {
  auto found = std::find_if(children_.begin(), children_.end(), [&](auto& x) {
    return x.handle && x.handle->address() == message.source;
  });
  if (found == children_.end())
    return;
  found->handle = nullptr;
  auto index = static_cast<uint32_t>(found - children_.begin());
  if (stopping_) {
    stop_next();
    return;
  }
  if (message.reason == caf::exit_reason::user_shutdown) { // told to: restart
    restart_child(index);
    return;
  }
  spdlog::warn("supervisor lost {}: {}", found->spec.name,
               self_->system().render(message.reason));
  if (is_too_often()) {
    spdlog::error("supervisor gives up: {} restarts within {} ms, last of {}",
                  options_.max_restarts + 1, options_.period.count(),
                  found->spec.name);
    stop(caf::make_error(caf::exit_reason::out_of_workers));
    return;
  }
  ++found->restarts;
  self_->delayed_send(self_, delay_of(*found), restart_v, index);
}

void supervisor_state::stop(caf::error reason) {
  if (stopping_)
    return;
  stopping_ = true;
  stop_reason_ = std::move(reason);
  stop_next();
}

void supervisor_state::stop_next() {
  for (auto i = children_.size(); i-- > 0;) {
    auto& x = children_[i];
    if (!x.handle)
      continue;
    if (x.told)
      return;
    x.told = self_->clock().now();
    caf::anon_send_exit(x.handle, caf::exit_reason::user_shutdown);
    self_->delayed_send(self_, options_.stop_timeout, overdue_v,
                        static_cast<uint32_t>(i));
    return;
  }
  self_->quit(stop_reason_);
}

void supervisor_state::kill_overdue(uint32_t index) {
  auto& x = children_[index];
  // The message may be meant for the child's predecessor.
  if (!x.handle || !x.told
      || self_->clock().now() - *x.told < options_.stop_timeout)
    return;
  spdlog::warn("supervisor kills {}: it did not stop within {} ms", x.spec.name,
               options_.stop_timeout.count());
  self_->demonitor(x.handle->address());
  caf::anon_send_exit(x.handle, caf::exit_reason::kill);
  x.handle = nullptr;
  stop_next();
}

supervisor_actor::behavior_type
supervisor(supervisor_actor::stateful_pointer<supervisor_state> self,
           std::vector<child_spec> specs, supervisor_options options) {
  answer_mailbox(self);
  self->set_down_handler(
    [self](caf::down_msg& message) { self->state.down(message); });
  self->set_exit_handler([self](caf::exit_msg& message) {
    self->state.stop(std::move(message.reason));
  });
  self->state.init(std::move(specs), options);
  return {
    [self](children) { return self->state.list(); },
    [self](restart, uint32_t index) { self->state.restart_child(index); },
    [self](overdue, uint32_t index) { self->state.kill_overdue(index); },
    [self](poll) { self->state.look_at_mailboxes(); },
  };
}

} // namespace darkroom
