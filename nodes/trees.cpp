#include "nodes/trees.hpp"

#include "actors/announcements.hpp"
#include "actors/catalog_keeper.hpp"
#include "actors/chore.hpp"
#include "actors/dispatcher.hpp"
#include "actors/event_feed.hpp"
#include "actors/event_publisher.hpp"
#include "actors/event_tail.hpp"
#include "actors/job_store.hpp"
#include "actors/job_watcher.hpp"
#include "actors/lease_keeper.hpp"
#include "actors/node_registry.hpp"
#include "actors/notifier.hpp"
#include "actors/processor_pool.hpp"
#include "actors/publish_registry.hpp"
#include "actors/rate_limiter.hpp"
#include "actors/uplink.hpp"
#include "config/clock.hpp"
#include "config/defaults.hpp"
#include "nodes/cluster/find_traits.hpp"
#include "nodes/command.hpp"
#include "nodes/remake/remake_children.hpp"
#include "nodes/standby.hpp"
#include "services/process/machine_state.hpp"
#include "services/process/process_identity.hpp"
#include "services/redis/master_watch.hpp"
#include "services/redis/queue_sampler.hpp"

#include <caf/actor_system.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <utility>

namespace darkroom {

namespace {

/// The prefix of the tokens of all main nodes with a lease.
const std::string main_tokens = "main:";

child_spec store_child(node_context& node, role which) {
  return child_of(node, which, [](node_context& x) {
    return x.system.spawn<caf::detached>(
      job_store, x.config.redis, x.config.queue, x.queue, x.counted, x.tracing);
  });
}

/// Has no role, because nobody asks it.
child_spec master_watch_child(node_context& node) {
  return {"master_watch", [&node] {
            auto watch = std::make_shared<master_watch>(node.config.redis);
            auto made = node.system.spawn<caf::detached>(
              chore, "nobody says where Redis's master is", master_watch::every,
              [watch] { return watch->look(); });
            return caf::actor_cast<caf::strong_actor_ptr>(made);
          }};
}

dispatcher_options options_of(const node_context& node) {
  dispatcher_options out;
  out.has_catalog = node.config.catalog.tables != "off";
  out.queue = node.config.queue;
  out.queue.limit_max = node.limits->get().max;
  out.unknown_wait = node.queue.unknown_wait;
  out.worker = node.config.worker;
  for (const auto& x : node.queue.resources.limits)
    out.resources.push_back(x.name);
  out.publish = node.config.events.publish;
  out.node = node.name;
  // Main nodes with a lease follow each other, so this one owns the jobs of the
  // ones before it.
  out.token_prefix = node.fence > 0 ? main_tokens + node.boot_id : node.boot_id;
  out.orphan_prefix = node.fence > 0 ? main_tokens : node.boot_id;
  out.is_quiet = node.is_quiet;
  out.counted = node.counted;
  out.tracing = node.tracing;
  out.now = wall_clock_ms;
  out.wake_watcher = [wake = node.watcher_wake] {
    wake->raise();
  };
  return out;
}

void add_event_children(node_context& node, std::vector<child_spec>& out) {
  auto others = std::make_shared<announcements>();
  if (node.config.events.publish) {
    out.push_back(
      child_of(node, role::event_publisher, [others](node_context& x) {
        return x.system.spawn<caf::detached>(
          event_publisher,
          publisher_options{x.config.redis, x.config.queue, x.config.events,
                            x.config.http.replay_events, x.counted, others});
      }));
    if (node.config.events.publish_queued)
      out.push_back(child_of(node, role::event_tail, [](node_context& x) {
        return x.system.spawn<caf::detached>(
          event_tail, x.peers, x.config.redis, x.config.queue, x.stopping);
      }));
  }
  if (node.on_event)
    out.push_back(child_of(node, role::event_feed, [others](node_context& x) {
      return x.system.spawn<caf::detached>(
        event_feed, x.config.redis, x.config.queue, x.config.events.channel,
        x.config.http.replay_events, heard_by(others, x.on_event), x.stopping);
    }));
  else if (node.config.events.publish && node.config.events.publish_queued)
    out.push_back(child_of(node, role::event_feed, [others](node_context& x) {
      return x.system.spawn<caf::detached>(
        chore, "other programs' events are not heard", retry_interval,
        listener(others, x.config.redis, x.config.events.channel, x.stopping));
    }));
}

} // namespace

std::vector<child_spec> main_children(node_context& node) {
  std::vector<child_spec> out;
  if (!node.config.redis.sentinels.empty())
    out.push_back(master_watch_child(node));
  out.push_back(store_child(node, role::job_store_a));
  out.push_back(store_child(node, role::job_store_b));
  out.push_back(child_of(node, role::job_watcher, [](node_context& x) {
    return x.system.spawn<caf::detached>(job_watcher, x.config.redis,
                                         x.config.queue, x.queue,
                                         x.watcher_wake, x.tracing);
  }));
  // Also without a limit, as a reload may bring one.
  out.push_back(child_of(node, role::rate_limiter, [](node_context& x) {
    auto limits = x.limits->get();
    return x.system.spawn(rate_limiter, limits.max,
                          static_cast<int64_t>(limits.window.count()));
  }));
  add_event_children(node, out);
  out.push_back(child_of(node, role::catalog, [](node_context& x) {
    return x.system.spawn<caf::detached>(catalog_keeper, x.config.catalog,
                                         x.config.storage, x.counted);
  }));
  out.push_back(child_of(node, role::notifier, [](node_context& x) {
    return x.system.spawn<caf::detached>(
      notifier, x.config.redis, x.config.queue, x.config.notify, x.counted);
  }));
  add_remake_children(node, out);
  if (node.config.http.enabled && node.config.http.history_days > 0)
    out.push_back(child_of(node, role::historian, [](node_context& x) {
      auto sampler = std::make_shared<queue_sampler>(x.config, x.counted);
      return x.system.spawn<caf::detached>(chore, "the charts have a hole",
                                           queue_history::fine, [sampler] {
                                             return sampler->sample();
                                           });
    }));
  out.push_back(child_of(node, role::dispatcher, [](node_context& x) {
    auto options = options_of(x);
    options.is_restart = std::exchange(x.has_dispatched, true);
    if (!options.is_restart && x.fence > 0) { // takes over from another process
      options.is_restart = true;
      options.adoption = x.adoption;
    }
    return x.system.spawn(dispatcher, x.peers, std::move(options));
  }));
  return out;
}

child_spec pool_child(node_context& node) {
  return child_of(node, role::processor_pool, [](node_context& x) {
    processor_pool_options options;
    options.node = x.name;
    options.live_slots = x.slots;
    options.job_types = x.job_types;
    options.diagnostics = x.config.worker.diagnostics;
    options.make_tools = x.make_tools;
    options.is_quiet = x.is_quiet;
    options.cordoned = x.is_cordoned;
    options.allows_chaos = x.allows_chaos;
    options.tracing = x.tracing;
    return x.system.spawn(processor_pool, x.peers, options);
  });
}

child_spec lease_child(node_context& node, const lease_holder& self) {
  return child_of(node, role::lease_keeper, [self](node_context& x) {
    auto open = [&x, self] {
      auto lease = std::make_unique<main_lease>(x.config.redis, x.config.queue,
                                                self, x.config.cluster.lease);
      lease->hold(x.fence);
      return lease;
    };
    auto on_lost = [&x](const std::string& holder) {
      if (x.is_leaving) {
        spdlog::critical("{} is the active main node now: leaving",
                         parse_lease_holder(holder).node);
        _exit(exit_no_drain);
      }
      spdlog::critical("{} is the active main node now: restarting",
                       parse_lease_holder(holder).node);
      start_anew();
    };
    return x.system.spawn<caf::detached>(lease_keeper, open, on_lost);
  });
}

child_spec registry_child(node_context& node) {
  auto chosen = node.cluster_port;
  return child_of(node, role::node_registry, [chosen](node_context& x) {
    node_registry_options options;
    options.boot_id = x.boot_id;
    options.version = DARKROOM_VERSION;
    options.traits = x.traits;
    options.mark = x.mark;
    options.check_mark = mark_keeper_of(x.system, x.config, x.mark);
    options.node_timeout = x.config.cluster.node_timeout;
    options.now = wall_clock_ms;
    return x.system.spawn(node_registry, x.peers, options,
                          publish_on(x.config.cluster.bind,
                                     x.config.cluster.port, chosen, x.broker));
  });
}

child_spec uplink_child(node_context& node, std::vector<endpoint> mains) {
  // Kept when the uplink is started again: it takes a codec process to find
  // out.
  auto settled = std::make_shared<node_traits>();
  return child_of(node, role::uplink, [mains, settled](node_context& x) {
    uplink_options options;
    options.mains = mains;
    options.hello.protocol = protocol_version();
    options.hello.name = x.name;
    options.hello.boot_id = x.boot_id;
    options.hello.concurrency = *x.slots;
    options.hello.version = DARKROOM_VERSION;
    options.hello.labels = x.config.worker.labels;
    options.hello.job_types = x.job_types;
    options.hello.memory = machine_state().memory;
    auto process = this_process();
    options.hello.allows_chaos = x.allows_chaos;
    options.hello.machine = process.machine;
    options.hello.pid = process.pid;
    options.hello.started = process.started;
    options.away_until = x.away_until;
    options.look_up_traits = [&x, settled] {
      return traits_of(x.config, x.job_types, *settled);
    };
    options.read_mark = [&x](const std::string& name) {
      return read_main_mark(x.config.storage, name);
    };
    options.root = [&x] {
      return caf::actor_cast<supervisor_actor>(x.root.lock());
    };
    options.cluster = x.config.cluster;
    options.broker = x.broker;
    return x.system.spawn<caf::detached>(uplink, x.peers, options);
  });
}

} // namespace darkroom
