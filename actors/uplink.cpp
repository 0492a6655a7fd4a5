#include "actors/uplink.hpp"

#include "actors/mailbox.hpp"
#include "actors/node_version.hpp"
#include "actors/restarted.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <caf/send.hpp>
#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr uint32_t said_again = 10; // failures until one is logged again

} // namespace

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

void uplink_state::try_later(const std::string& why) {
  if (registry_) // it may be alive and would be found again every time
    self_->demonitor(registry_.address());
  forget_registry();
  const auto& limits = options_.cluster;
  auto full = std::min(limits.reconnect_min * (1 << std::min(failures_, 10u)),
                       limits.reconnect_max);
  // With jitter, so that the workers of a dead main node do not all return at
  // once.
  std::uniform_int_distribution<int64_t> spread{full.count() / 2, full.count()};
  auto is_new = told_.insert(why).second;
  if (failures_++ % said_again == 0 || is_new)
    spdlog::warn("no main node: {}; trying again", why);
  self_->delayed_send(self_, std::chrono::milliseconds{spread(random_)},
                      poll_v);
}

void uplink_state::connect() {
  const auto& main = options_.mains[next_main_++ % options_.mains.size()];
  auto there = options_.ask_first(main);
  if (!there) {
    try_later(there.error().context);
    return;
  }
  auto place = main.host + ":" + std::to_string(main.port);
  self_
    ->request(options_.broker(self_->system()), store_timeout,
              caf::connect_atom::value, main.host, main.port)
    .then(
      [this, place](const caf::node_id&, const caf::strong_actor_ptr& actor,
                    const std::set<std::string>& interface) {
        connected(place, actor, interface);
      },
      [this, place](caf::error& why) {
        try_later(place + ": " + self_->system().render(why));
      });
}

void uplink_state::connected(const std::string& place,
                             const caf::strong_actor_ptr& actor,
                             const std::set<std::string>& interface) {
  auto& system = self_->system();
  using wanted = caf::detail::type_list<node_registry_actor>;
  if (time_away().count() > 0)
    try_later("cut off by an order");
  else if (!actor)
    try_later(place + " is not a darkroom main node");
  else
    greet(place, actor,
          system.assignable(interface, system.message_types(wanted{})));
}

void uplink_state::greet(const std::string& place,
                         const caf::strong_actor_ptr& actor, bool is_registry) {
  // CAF may hand out an earlier handle again although its actor is dead. Then
  // only DOWN arrives.
  registry_ = caf::actor_cast<node_registry_actor>(actor);
  self_->monitor(registry_);
  const auto& us = options_.hello;
  self_
    ->request(caf::actor_cast<caf::actor>(actor), actor_timeout, us.protocol,
              us.version, us.name)
    .then(
      [=, this, link = link_](uint32_t protocol, const std::string& version) {
        if (link != link_)
          return;
        auto difference = name_difference({us.protocol, us.version},
                                          {protocol, version});
        if (!difference.empty())
          try_later(place + ": this worker " + difference);
        else if (!is_registry)
          try_later(place + " is not a darkroom main node of this version");
        else
          say_hello();
      },
      [=, this, link = link_](caf::error& why) {
        if (link == link_)
          try_later(place + " does not answer like a darkroom main node: "
                    + self_->system().render(why));
      });
}

void uplink_state::say_hello() {
  auto traits = options_.look_up_traits();
  if (!traits) {
    try_later("this node cannot work: " + traits.error().context);
    return;
  }
  options_.hello.traits = std::move(*traits);
  self_->request(registry_, actor_timeout, options_.hello)
    .then(
      [this, link = link_](const node_welcome& welcome) {
        if (link == link_)
          welcomed(welcome);
      },
      [this, link = link_](caf::error& why) {
        if (link == link_)
          try_later("hello: " + self_->system().render(why));
      });
}

void uplink_state::welcomed(const node_welcome& welcome) {
  if (auto problem = validate(welcome); !problem.empty()) {
    try_later("the main node's welcome is not valid: " + problem);
    return;
  }
  if (!welcome.refusal.empty()) {
    try_later(welcome.refusal);
    return;
  }
  looking_ = false;
  if (!welcome.dispatcher) { // the dispatcher restarts: ask again soon
    self_->delayed_send(self_, restart_poll, poll_v);
    return;
  }
  auto is_new_link = main_boot_id_ != welcome.boot_id;
  auto is_new_dispatcher = dispatcher_ != welcome.dispatcher->address();
  main_boot_id_ = welcome.boot_id;
  failures_ = 0;
  told_.clear();
  peers_->set(role::dispatcher, welcome.dispatcher);
  watch(welcome.dispatcher);
  if (is_new_link)
    spdlog::info("joined main node {}", welcome.boot_id);
  if (is_new_link || is_new_dispatcher)
    tell_pool();
  if (!beating_) {
    beating_ = true;
    self_->delayed_send(self_, options_.cluster.heartbeat, ping_v);
  }
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
