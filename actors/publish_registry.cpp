#include "actors/publish_registry.hpp"

#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

namespace {

/// What an attempt to publish needs.
struct publication {
  std::string bind;
  uint16_t port = 0; ///< wanted
  std::shared_ptr<std::atomic<uint16_t>> chosen;
  uint32_t left = 0; ///< tries left after this one
  broker_of broker;
};

void publish_now(node_registry_actor::pointer self, const publication& what) {
  node_registry_actor me{self};
  self
    ->request(what.broker(self->system()), actor_timeout,
              caf::publish_atom::value, what.port,
              caf::actor_cast<caf::strong_actor_ptr>(me),
              self->system().message_types(me), what.bind, true)
    .then(
      [what](uint16_t bound) {
        *what.chosen = bound;
        spdlog::info("worker nodes may join at {}:{}", what.bind, bound);
      },
      [self, what](caf::error& why) {
        if (what.left > 0) {
          self->delayed_send(self, retry_interval, restart_v, what.left - 1);
          return;
        }
        spdlog::error("cannot listen for worker nodes on {}:{}: {}; choose "
                      "another [cluster] port",
                      what.bind, what.port, self->system().render(why));
        self->quit(caf::exit_reason::unhandled_exception);
      });
}

} // namespace

publisher publish_on(std::string bind, uint16_t port,
                     std::shared_ptr<std::atomic<uint16_t>> chosen,
                     broker_of broker) {
  return [=](node_registry_actor::pointer self, uint32_t left) {
    auto wanted = chosen->load() != 0 ? chosen->load() : port;
    publication what{bind, wanted, chosen, left, broker};
    if (wanted == 0) {
      publish_now(self, what);
      return;
    }
    // A registry that was killed while publishing may have left the port open.
    // If it did not, closing fails, which does no harm.
    self
      ->request(broker(self->system()), actor_timeout, caf::close_atom::value,
                wanted)
      .then([self, what] { publish_now(self, what); },
            [self, what](caf::error&) { publish_now(self, what); });
  };
}

} // namespace darkroom
