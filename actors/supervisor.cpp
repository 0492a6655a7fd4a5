#include "actors/supervisor.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

void supervisor_state::init(std::vector<child_spec> specs,
                            supervisor_options options) {
  options_ = options;
  for (auto& spec : specs)
    children_.push_back({std::move(spec), nullptr, 0, 0, {}});
  start_from(0);
}

void supervisor_state::start_from(uint32_t index) {
  if (stopping_)
    return;
  for (auto i = index; i < children_.size(); ++i) {
    auto& x = children_[i];
    if (x.handle)
      continue;
    x.handle = x.spec.start();
    x.started = self_->clock().now();
    self_->monitor(x.handle);
    // One child failed: only with the other strategies the rest is down too.
    if (options_.strategy == restart_strategy::one_for_one && index > 0)
      break;
  }
}

child_list supervisor_state::list() const {
  child_list out;
  for (const auto& x : children_)
    out.children.push_back({x.spec.name, x.handle != nullptr, x.restarts});
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
  auto failed = std::find_if(children_.begin(), children_.end(), [&](auto& x) {
    return x.handle && x.handle->address() == message.source;
  });
  if (failed == children_.end())
    return;
  failed->handle = nullptr;
  if (stopping_) {
    stop_next();
    return;
  }
  spdlog::warn("supervisor lost {}: {}", failed->spec.name,
               self_->system().render(message.reason));
  if (is_too_often()) {
    spdlog::error("supervisor gives up: {} restarts within {} ms, last of {}",
                  options_.max_restarts + 1, options_.period.count(),
                  failed->spec.name);
    stop(caf::make_error(caf::exit_reason::out_of_workers));
    return;
  }
  ++failed->restarts;
  auto index = static_cast<uint32_t>(failed - children_.begin());
  auto delay = delay_of(*failed);
  if (options_.strategy == restart_strategy::one_for_all)
    index = 0;
  if (options_.strategy != restart_strategy::one_for_one)
    end_children(index);
  self_->delayed_send(self_, delay, restart_v, index);
}

void supervisor_state::end_children(uint32_t from) {
  for (auto i = children_.size(); i-- > from;) {
    auto& x = children_[i];
    if (!x.handle)
      continue;
    self_->demonitor(x.handle->address());
    caf::anon_send_exit(x.handle, caf::exit_reason::user_shutdown);
    x.handle = nullptr;
  }
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
    if (!children_[i].handle)
      continue;
    caf::anon_send_exit(children_[i].handle, caf::exit_reason::user_shutdown);
    self_->delayed_send(self_, options_.stop_timeout, overdue_v,
                        static_cast<uint32_t>(i));
    return;
  }
  self_->quit(stop_reason_);
}

void supervisor_state::kill_overdue(uint32_t index) {
  auto& x = children_[index];
  if (!x.handle)
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
  self->set_down_handler(
    [self](caf::down_msg& message) { self->state.down(message); });
  self->set_exit_handler([self](caf::exit_msg& message) {
    self->state.stop(std::move(message.reason));
  });
  self->state.init(std::move(specs), options);
  return {
    [self](children) { return self->state.list(); },
    [self](restart, uint32_t index) { self->state.start_from(index); },
    [self](overdue, uint32_t index) { self->state.kill_overdue(index); },
  };
}

} // namespace darkroom
