#include "sim/orders.hpp"

#include "config/defaults.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

namespace darkroom::sim {

namespace {

struct drain_order {
  world* in;
  process_ptr x;
  role which;
  std::function<void(bool)> on_end;
  bool has_ended = false;
};
using drain_order_ptr = std::shared_ptr<drain_order>;

void end(const drain_order_ptr& order, bool is_clean) {
  if (!std::exchange(order->has_ended, true))
    order->on_end(is_clean);
}

caf::behavior drain_asker(caf::event_based_actor* self, drain_order_ptr order) {
  self->send(self, poll_v);
  return {
    [self, order](poll) {
      auto again = [self](const caf::error&) { // it may be restarting
        self->delayed_send(self, pool_poll, poll_v);
      };
      auto target = order->x->peers->find_any(order->which);
      if (!target) {
        again({});
        return;
      }
      const auto& worker = order->in->play.config.worker;
      self
        ->request(caf::actor_cast<caf::actor>(target), drain_limit(worker),
                  drain_v, static_cast<int64_t>(worker.grace.count()))
        .then(
          [order](const drain_report& report) {
            // Not in the middle of an actor's step.
            order->in->on.in(order->x->home, {},
                             [order, is_clean = report.stranded == 0] {
                               end(order, is_clean);
                             });
          },
          again);
    },
  };
}

} // namespace

void drain(world& in, const process_ptr& x, role which,
           std::function<void(bool is_clean)> on_end) {
  in.on.tell("TERM", x->home->name);
  auto order = std::make_shared<drain_order>(
    drain_order{&in, x, which, std::move(on_end)});
  in.on.cast(x->home, "signals", in.on.system().spawn(drain_asker, order));
  in.on.in(x->home, 2 * drain_limit(in.play.config.worker),
           [order] { end(order, false); });
}

void order(world& in, const main_process& main, const std::string& node,
           bool is_cordoned) {
  in.on.tell(is_cordoned ? "cordon" : "uncordon", node);
  if (main.registry)
    caf::anon_send(caf::actor_cast<node_registry_actor>(main.registry),
                   node_order{node, is_cordoned, {}});
}

} // namespace darkroom::sim
