#include "nodes/remake/remake_children.hpp"

#include "actors/chore.hpp"
#include "actors/drift_watcher.hpp"
#include "nodes/remake/fsck.hpp"
#include "nodes/remake/redescribe.hpp"
#include "nodes/trees.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace darkroom {

void add_remake_children(node_context& node, std::vector<child_spec>& out) {
  auto every = node.config.vision.redescribe_every;
  if (every.count() > 0 && node.config.vision.providers.size() > 1)
    out.push_back(child_of(node, role::redescriber, [every](node_context& x) {
      return x.system.spawn<caf::detached>(
        chore, "pictures of a lower provider could not be described again",
        every, [live = x.live] { return redescribe_if_possible(live->get()); });
    }));
  if (auto often = node.config.fsck.every; often.count() > 0)
    out.push_back(child_of(node, role::drift_watcher, [often](node_context& x) {
      auto sampler = std::make_shared<drift_sampler>(x.config);
      return x.system.spawn<caf::detached>(
        drift_watcher, x.peers, often, [sampler] { return sampler->look(); },
        x.counted);
    }));
}

} // namespace darkroom
