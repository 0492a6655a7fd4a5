#include "actors/dispatcher.hpp"
#include "actors/mailbox.hpp"
#include "actors/node_registry.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/supervisor.hpp"
#include "sim/process.hpp"

#include <caf/scheduled_actor.hpp>

#include <utility>

namespace darkroom::sim {

namespace {

/// The prefix of the tokens of all main nodes, like in nodes/trees.cpp.
const std::string main_tokens = "main:";

/// Builds the specs of one main process. Copied into the specs' functions.
struct main_builder {
  world* in;
  main_process_ptr x;

  redis_client client() const {
    return {in->on, in->redis, x->home, x->fence};
  }

  /// A child that is registered under its role when it starts.
  template <class Spawn>
  child_spec child(role which, Spawn spawn) const {
    return {to_string(which), [self = *this, which, spawn] {
              auto handle = caf::actor_cast<caf::strong_actor_ptr>(spawn(self));
              self.in->on.cast(self.x->home, to_string(which), handle);
              self.x->peers->set(which, handle);
              answer_mailbox(
                dynamic_cast<caf::scheduled_actor*>(handle->get()));
              return handle;
            }};
  }

  dispatcher_options options() const {
    dispatcher_options out;
    out.queue = in->play.config.queue;
    out.worker = in->play.config.worker;
    out.node = x->home->node;
    out.token_prefix = tokens_of(*x->home);
    out.orphan_prefix = main_tokens;
    out.seed = in->on.random().any();
    out.now = [&on = in->on] {
      return on.now_ms();
    };
    out.wake_watcher = [wait = x->watch] {
      wait->interrupt();
    };
    out.is_restart = true;
    if (!std::exchange(x->has_dispatched, true))
      out.adoption = x->adoption;
    x->dispatching_since = in->on.now();
    return out;
  }

  node_registry_options registry_options() const {
    node_registry_options out;
    out.boot_id = x->home->name;
    out.node_timeout = in->play.config.cluster.node_timeout;
    out.now = [&on = in->on] {
      return on.now_ms();
    };
    return out;
  }
};

child_spec store_child(const main_builder& main, role which) {
  return main.child(which, [](const main_builder& self) {
    return self.in->on.system().spawn(sim_job_store, self.client());
  });
}

child_spec keeper_child(const main_builder& main) {
  return main.child(role::lease_keeper, [](const main_builder& self) {
    return self.in->on.system().spawn(sim_lease_keeper, self.client(),
                                      self.x->home->name,
                                      self.in->play.config.cluster.lease,
                                      self.x->start_anew);
  });
}

child_spec registry_child(const main_builder& main) {
  return main.child(role::node_registry, [](const main_builder& self) {
    auto publish = [x = self.x](node_registry_actor::pointer registry,
                                uint32_t) {
      x->registry = registry->ctrl();
    };
    return self.in->on.system().spawn(node_registry, self.x->peers,
                                      self.registry_options(), publish);
  });
}

std::vector<child_spec> children_of(const main_builder& main) {
  std::vector<child_spec> out;
  out.push_back(keeper_child(main));
  out.push_back(store_child(main, role::job_store_a));
  out.push_back(store_child(main, role::job_store_b));
  out.push_back(main.child(role::job_watcher, [](const main_builder& self) {
    return self.in->on.system().spawn(sim_job_watcher, self.client(),
                                      self.x->watch);
  }));
  if (main.in->play.config.queue.limit_max > 0)
    out.push_back(main.child(role::rate_limiter, [](const main_builder& self) {
      const auto& queue = self.in->play.config.queue;
      return self.in->on.system().spawn(
        rate_limiter, queue.limit_max,
        static_cast<int64_t>(queue.limit_window.count()));
    }));
  out.push_back(main.child(role::event_publisher, [](const main_builder& self) {
    return self.in->on.system().spawn(sim_event_publisher);
  }));
  out.push_back(main.child(role::catalog, [](const main_builder& self) {
    return self.in->on.system().spawn(sim_catalog, self.client(),
                                      self.in->catalog);
  }));
  out.push_back(main.child(role::notifier, [](const main_builder& self) {
    return self.in->on.system().spawn(sim_notifier);
  }));
  out.push_back(main.child(role::dispatcher, [](const main_builder& self) {
    return self.in->on.system().spawn(dispatcher, self.x->peers,
                                      self.options());
  }));
  out.push_back(registry_child(main));
  return out;
}

} // namespace

std::string tokens_of(const host& home) {
  return main_tokens + home.name;
}

void start_main(world& in, const main_process_ptr& x) {
  x->watch->home = x->home;
  main_builder main{&in, x};
  x->root = caf::actor_cast<caf::strong_actor_ptr>(
    in.on.system().spawn(supervisor, children_of(main), supervisor_options{}));
  in.on.cast(x->home, "supervisor", x->root);
}

} // namespace darkroom::sim
