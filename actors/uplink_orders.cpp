/// The uplink's orders, which an operator gives to a worker node.
#include "actors/uplink.hpp"
#include "actors/validate.hpp"

#include <caf/actor_clock.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>

namespace darkroom {

namespace {

int64_t milliseconds_of(caf::actor_clock::time_point time) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(
           time.time_since_epoch())
    .count();
}

} // namespace

void uplink_state::obey(const node_order& order) {
  if (is_dropped(validate(order), "uplink dropped an order",
                 caf::actor_cast<caf::actor_addr>(self_->current_sender())))
    return;
  self_->send(peers_->find<processor_pool_actor>(role::processor_pool), order);
}

void uplink_state::obey(const chaos_order& order) {
  if (is_dropped(validate(order), "uplink dropped a chaos order",
                 caf::actor_cast<caf::actor_addr>(self_->current_sender())))
    return;
  if (!options_.hello.allows_chaos) {
    spdlog::warn("uplink refused a chaos order: this node runs without "
                 "--chaos");
    return;
  }
  if (order.action == chaos_action::cut)
    cut_off(std::chrono::milliseconds{order.duration_ms});
  else
    kill(order);
}

void uplink_state::kill(const chaos_order& order) {
  if (order.actor == to_string(role::uplink)) {
    self_->quit(caf::exit_reason::kill);
    return;
  }
  auto pool = peers_->find<processor_pool_actor>(role::processor_pool);
  if (!pool)
    return; // the pool is dead at the moment
  if (order.actor == to_string(role::processor_pool))
    caf::anon_send_exit(pool, caf::exit_reason::kill);
  else
    self_->send(pool, order);
}

void uplink_state::cut_off(std::chrono::milliseconds duration) {
  spdlog::warn("uplink stays disconnected for {} ms: a chaos order",
               duration.count());
  *options_.away_until = milliseconds_of(self_->clock().now() + duration);
  for (const auto& main : options_.mains)
    options_.sever(main);
  lost("cut off by an order");
}

std::chrono::milliseconds uplink_state::time_away() const {
  return std::chrono::milliseconds{*options_.away_until
                                   - milliseconds_of(self_->clock().now())};
}

} // namespace darkroom
