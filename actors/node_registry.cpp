#include "actors/node_registry.hpp"

#include "actors/mailbox.hpp"
#include "actors/restarted.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>

namespace darkroom {

namespace {

/// If the last owner has not closed the port yet, it is free within
/// milliseconds.
constexpr uint32_t publish_tries = 50;

/// One late report looks like a wrong clock, but not this many in a row.
constexpr uint32_t sure_of_skew = 3;

} // namespace

node_registry_state::node_registry_state(node_registry_actor::pointer self)
  : self_(self) {}

void node_registry_state::init(directory_ptr peers,
                               node_registry_options options) {
  peers_ = std::move(peers);
  options_ = std::move(options);
  self_->delayed_send(self_, registry_poll, poll_v);
}

node_welcome node_registry_state::join(const caf::strong_actor_ptr& uplink,
                                       const node_hello& hello) {
  node_welcome out;
  out.boot_id = options_.boot_id;
  auto now = options_.now();
  out.refusal = refuse(hello, caf::actor_cast<caf::actor_addr>(uplink));
  if (!out.refusal.empty())
    return out;
  if (must_read_mark(hello)) {
    out.mark_name = options_.mark.name;
    return out;
  }
  auto known = nodes_.find(hello.name);
  if (known != nodes_.end()
      && known->second.status.hello.boot_id != hello.boot_id) {
    if (silence_of(known->second) < options_.node_timeout / 2) {
      out.refusal = "a node named '" + hello.name
                    + "' is here already: give each its own [cluster] "
                      "node_name";
      return out;
    }
    remove(hello.name, "replaced by a new process");
  }
  auto& node = nodes_[hello.name];
  if (node.status.hello.name.empty()) {
    spdlog::info("node {} joined with {} slots", hello.name, hello.concurrency);
    node.status.hello = hello;
    node.status.joined = now;
  }
  hear(node);
  if (uplink && node.uplink != uplink->address()) {
    node.uplink = uplink->address(); // new, or restarted by its supervisor
    self_->monitor(uplink);
  }
  out.dispatcher = peers_->find_any(role::dispatcher);
  return out;
}

std::string node_registry_state::seen(const std::string& node) {
  auto found = nodes_.find(node);
  if (found == nodes_.end())
    return {}; // cut off meanwhile: the node must join again
  hear(found->second);
  return options_.boot_id;
}

void node_registry_state::hear(entry& node) {
  node.status.last_seen = options_.now();
  node.heard = self_->clock().now();
}

caf::actor_clock::duration_type
node_registry_state::silence_of(const entry& node) const {
  return self_->clock().now() - node.heard;
}

void node_registry_state::note(const node_report& report) {
  if (is_dropped(validate(report), "registry dropped a node's report",
                 caf::actor_cast<caf::actor_addr>(self_->current_sender())))
    return;
  auto found = nodes_.find(report.name);
  if (found == nodes_.end())
    return; // cut off meanwhile
  found->second.status.report = report;
  found->second.status.clock_skew = report.clock - options_.now();
  judge_clock(found->second);
}

void node_registry_state::judge_clock(entry& node) {
  auto skew = std::chrono::milliseconds{node.status.clock_skew};
  if (std::chrono::abs(skew) <= clock_gap_limit) {
    node.skewed = 0;
    return;
  }
  if (++node.skewed == sure_of_skew)
    spdlog::warn("the clock of node {} is {} ms {} this main node's: set both "
                 "by NTP",
                 node.status.hello.name, std::chrono::abs(skew).count(),
                 skew.count() < 0 ? "behind" : "ahead of");
}

bool node_registry_state::pass_on(const node_order& order) {
  auto found = nodes_.find(order.name);
  if (found == nodes_.end())
    return false;
  self_->send(caf::actor_cast<uplink_actor>(found->second.uplink), order);
  return true;
}

chaos_answer node_registry_state::pass_on(const chaos_order& order) {
  if (auto problem = validate(order); !problem.empty())
    return {true, "the order is not valid: " + problem};
  auto found = nodes_.find(order.name);
  if (found == nodes_.end())
    return {};
  if (!found->second.status.hello.allows_chaos)
    return {true, "node '" + order.name
                    + "' does not allow chaos: start it with --chaos"};
  self_->send(caf::actor_cast<uplink_actor>(found->second.uplink), order);
  return {true, {}};
}

node_list node_registry_state::list() const {
  node_list out;
  for (const auto& [name, x] : nodes_)
    out.nodes.push_back(x.status);
  return out;
}

void node_registry_state::left(const caf::actor_addr& uplink,
                               const caf::error& reason) {
  if (is_restarted_after(reason))
    return;
  auto found = std::find_if(nodes_.begin(), nodes_.end(),
                            [&](auto& x) { return x.second.uplink == uplink; });
  if (found != nodes_.end())
    remove(found->first, "it is gone");
}

void node_registry_state::cut_off_silent() {
  self_->delayed_send(self_, registry_poll, poll_v);
  std::vector<std::string> silent;
  for (const auto& [name, x] : nodes_)
    if (silence_of(x) > options_.node_timeout)
      silent.push_back(name);
  for (const auto& name : silent)
    remove(name, "it has been silent for too long");
}

void node_registry_state::remove(const std::string& node,
                                 const std::string& why) {
  spdlog::warn("node {} is cut off: {}", node, why);
  // A copy, because `node` may be the key that is erased.
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization)
  std::string name = node;
  nodes_.erase(name);
  self_->send(peers_->find<dispatcher_actor>(role::dispatcher),
              node_lost{name});
}

node_registry_actor::behavior_type
node_registry(node_registry_actor::stateful_pointer<node_registry_state> self,
              directory_ptr peers, node_registry_options options,
              publisher publish) {
  answer_mailbox(self);
  self->set_down_handler([self](caf::down_msg& message) {
    self->state.left(message.source, message.reason);
  });
  self->state.init(std::move(peers), std::move(options));
  publish(self, publish_tries);
  return {
    [self](uint32_t protocol, const std::string& version,
           const std::string& node) {
      self->state.greet(protocol, version, node);
      return std::make_tuple(protocol_version(), self->state.version());
    },
    [self](const node_hello& hello) {
      return self->state.join(self->current_sender(), hello);
    },
    [self](ping, const std::string& node) { return self->state.seen(node); },
    [self](const node_report& report) { self->state.note(report); },
    [self](const node_order& order) { return self->state.pass_on(order); },
    [self](const chaos_order& order) { return self->state.pass_on(order); },
    [self](list_nodes) { return self->state.list(); },
    [self](poll) { self->state.cut_off_silent(); },
    [self, publish](restart, uint32_t left) { publish(self, left); },
  };
}

} // namespace darkroom
