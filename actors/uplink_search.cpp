/// The uplink's search: finds a main node, says hello and joins it.
#include "actors/node_version.hpp"
#include "actors/uplink.hpp"
#include "actors/validate.hpp"
#include "config/defaults.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr uint32_t said_again = 10; // failures until one is logged again

constexpr auto mark_is_unread = "mark"; // among the problems that were logged

/// A registry answers a greeting within milliseconds, also of a busy node. A
/// main node that takes over waits two seconds for its workers, so a link that
/// does not work must be known long before.
constexpr std::chrono::milliseconds greeting_timeout{500};

} // namespace

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
  self_
    ->request(options_.broker(self_->system()), store_timeout,
              caf::connect_atom::value, main.host, main.port)
    .then(
      [this, main](const caf::node_id&, const caf::strong_actor_ptr& actor,
                   const std::set<std::string>& interface) {
        connected(main, actor, interface);
      },
      [this, main](caf::error& why) {
        try_later(text_of(main) + ": " + self_->system().render(why));
      });
}

void uplink_state::connected(const endpoint& main,
                             const caf::strong_actor_ptr& actor,
                             const std::set<std::string>& interface) {
  auto& system = self_->system();
  using wanted = caf::detail::type_list<node_registry_actor>;
  if (time_away().count() > 0)
    try_later("cut off by an order");
  else if (!actor)
    try_later(text_of(main) + " is not a darkroom main node");
  else
    greet(main, actor,
          system.assignable(interface, system.message_types(wanted{})));
}

/// If the greeting is not answered, the connection is broken, so that the next
/// try makes another one: CAF sometimes keeps a new connection without sending
/// or handling anything on it, and would hand it out again and again.
void uplink_state::greet(const endpoint& main,
                         const caf::strong_actor_ptr& actor, bool is_registry) {
  // CAF may hand out an earlier handle again although its actor is dead. Then
  // only DOWN arrives.
  registry_ = caf::actor_cast<node_registry_actor>(actor);
  main_ = text_of(main);
  self_->monitor(registry_);
  const auto& us = options_.hello;
  self_
    ->request(caf::actor_cast<caf::actor>(actor), greeting_timeout, us.protocol,
              us.version, us.name)
    .then(
      [=, this, link = link_](uint32_t protocol, const std::string& version) {
        if (link != link_)
          return;
        // A newer one tells itself, when it hears the hello, whether it
        // serves this worker.
        auto difference = name_version_difference({protocol, version},
                                                  {us.protocol, us.version}, 0);
        if (!difference.empty())
          try_later(text_of(main) + ": " + difference);
        else if (!is_registry)
          try_later(text_of(main)
                    + " is a darkroom main node that does not serve workers of "
                      "this version: upgrade this worker");
        else
          say_hello();
      },
      [=, this, link = link_](caf::error& why) {
        if (link != link_)
          return;
        if (why == caf::sec::request_timeout)
          options_.sever(main);
        try_later(text_of(main) + " does not answer like a darkroom main node: "
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

/// Reads what the main node left beside the pictures, now that it has said
/// where: once per link.
void uplink_state::read_mark(const std::string& name) {
  auto& us = options_.hello;
  auto mark = options_.read_mark(name);
  us.mark_name = name;
  us.is_mark_unread = !mark;
  us.mark = mark ? *mark : std::string{};
  // Not by its text, which may have measured times, else it would be told for
  // each try.
  if (!mark && told_.insert(mark_is_unread).second)
    spdlog::warn("whether this node sees a copy of the pictures is unknown: {}",
                 mark.error().context);
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
  if (!welcome.mark_name.empty()
      && welcome.mark_name != options_.hello.mark_name) {
    read_mark(welcome.mark_name);
    say_hello();
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
    spdlog::info("joined the main node at {}", main_);
  if (is_new_link || is_new_dispatcher)
    tell_pool();
  if (!beating_) {
    beating_ = true;
    self_->delayed_send(self_, options_.cluster.heartbeat, ping_v);
  }
}

} // namespace darkroom
