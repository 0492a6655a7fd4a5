#include "actors/uplink.hpp"

#include "actors/mailbox.hpp"
#include "actors/restarted.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

uplink_state::uplink_state(uplink_actor::pointer self) : self_(self) {}

void uplink_state::init(directory_ptr peers, uplink_options options) {
  peers_ = std::move(peers);
  options_ = std::move(options);
  random_.seed(options_.seed);
  self_->send(self_, poll_v);
}

void uplink_state::look() {
  if (looking_)
    return;
  if (auto rest = time_away(); rest.count() > 0) {
    self_->delayed_send(self_, rest, poll_v);
    return;
  }
  looking_ = true;
  if (registry_)
    say_hello();
  else
    connect();
}

void uplink_state::beat() {
  beating_ = false;
  if (main_boot_id_.empty())
    return; // not joined: the next welcome starts it again
  beating_ = true;
  self_->delayed_send(self_, options_.cluster.heartbeat, ping_v);
  tell_how_we_are();
  self_
    ->request(registry_, options_.cluster.node_timeout, ping_v,
              options_.hello.name)
    .then(
      [this, link = link_](const std::string& boot_id) {
        // The node was cut off meanwhile, or another process has this address.
        if (link == link_ && boot_id != main_boot_id_)
          lost("the main node does not know this node any more");
      },
      [this, link = link_](caf::error& why) {
        if (link == link_)
          lost(self_->system().render(why));
      });
}

void uplink_state::tell_how_we_are() {
  auto pool = peers_->find<processor_pool_actor>(role::processor_pool);
  auto root = options_.root();
  if (!pool || !root)
    return; // the next heartbeat reports
  auto report = std::make_shared<node_report>();
  report->name = options_.hello.name;
  self_->request(pool, actor_timeout, look_pool_v)
    .then(
      [this, root, report](const pool_status& pool) {
        report->pool = pool;
        self_->request(root, actor_timeout, children_v)
          .then(
            [this, report](const child_list& actors) {
              report->actors = actors;
              auto machine = options_.measure();
              report->load = machine.load;
              report->memory = machine.process_memory;
              report->clock = options_.now();
              if (registry_)
                self_->send(registry_, *report);
            },
            [](caf::error&) {
              // The node stops.
            });
      },
      [](caf::error&) {
        // The pool restarts: the next heartbeat reports.
      });
}

void uplink_state::lost(const std::string& why) {
  if (!registry_)
    return;
  spdlog::warn("lost the main node: {}", why);
  self_->demonitor(registry_.address());
  forget_registry();
  peers_->set(role::dispatcher, nullptr);
  tell_pool();
  look();
}

void uplink_state::registry_ended(const caf::error& reason) {
  if (!is_restarted_after(reason)) {
    lost("its registry ended");
    return;
  }
  // The pool continues. It says hello to the dispatcher again when the next
  // registry is found, because the dead one may have cut this node off just
  // before it ended.
  forget_registry();
  look();
}

void uplink_state::forget_registry() {
  registry_ = nullptr;
  main_boot_id_.clear();
  auto& us = options_.hello;
  us.mark_name.clear();
  us.mark.clear();
  us.is_mark_unread = false;
  // A hello that nobody will answer must not delay the search.
  ++link_;
  looking_ = false;
}

// Watches the dispatcher for the pool, which may never see it alive and then
// does not notice its end.
void uplink_state::watch(const caf::strong_actor_ptr& dispatcher) {
  if (dispatcher_)
    self_->demonitor(dispatcher_);
  dispatcher_ = dispatcher->address();
  self_->monitor(dispatcher);
}

void uplink_state::tell_pool() {
  self_->send(peers_->find<processor_pool_actor>(role::processor_pool), poll_v);
}

uplink_actor::behavior_type
uplink(uplink_actor::stateful_pointer<uplink_state> self, directory_ptr peers,
       uplink_options options) {
  answer_mailbox(self);
  self->set_down_handler([self](caf::down_msg& message) {
    if (self->state.is_registry(message.source))
      self->state.registry_ended(message.reason);
    else if (self->state.is_dispatcher(message.source))
      self->state.look();
  });
  self->state.init(std::move(peers), std::move(options));
  return {
    [self](poll) { self->state.look(); },
    [self](ping) { self->state.beat(); },
    [self](const node_order& order) { self->state.obey(order); },
    [self](const chaos_order& order) { self->state.obey(order); },
  };
}

} // namespace darkroom
