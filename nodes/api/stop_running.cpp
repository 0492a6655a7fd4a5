#include "nodes/api/stop_running.hpp"

#include "config/defaults.hpp"
#include "nodes/api/ask.hpp"

#include <caf/scoped_actor.hpp>

namespace darkroom {

id_list stop_running(node_context& node, const std::vector<std::string>& ids) {
  id_list stopping;
  auto dispatcher = dispatcher_of(node);
  if (!dispatcher) {
    stopping.failure = "it is not running";
    return stopping;
  }
  caf::scoped_actor self{node.system};
  self->request(dispatcher, actor_timeout, cancel_jobs{ids})
    .receive([&](id_list& answer) { stopping = std::move(answer); },
             [&](const caf::error& why) {
               stopping.failure = node.system.render(why);
             });
  return stopping;
}

} // namespace darkroom
