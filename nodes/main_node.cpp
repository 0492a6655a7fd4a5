#include "nodes/main_node.hpp"

#include "actors/jobs/job_type.hpp"
#include "nodes/api/event_bridge.hpp"
#include "nodes/api/http_api.hpp"
#include "nodes/cluster/actor_config.hpp"
#include "nodes/cluster/find_traits.hpp"
#include "nodes/cluster/secure_cluster.hpp"
#include "nodes/command.hpp"
#include "nodes/doctor/doctor.hpp"
#include "nodes/main_api.hpp"
#include "nodes/node_process.hpp"
#include "nodes/reload.hpp"
#include "nodes/standby.hpp"
#include "nodes/trees.hpp"
#include "services/catalog/catalog_probe.hpp"
#include "services/codec/capacity.hpp"
#include "services/random/random_id.hpp"

#include <caf/actor_system.hpp>
#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

namespace {

/// HTTP and the event stream of one node; exists only if HTTP is enabled.
class web_side {
public:
  explicit web_side(const http_settings& settings)
    : hub_(settings),
      server_(settings) {}

  /// Stops the server first, so that no handler runs when the api is destroyed.
  ~web_side() {
    server_.stop();
  }

  sse_hub& hub() {
    return hub_;
  }

  status start(node_context& node) {
    auto api = http_api::make(node, [this, http = node.config.http] {
      return own_address(http);
    });
    if (!api)
      return std::move(api.error());
    api_ = std::move(*api);
    api_->add_to(server_, hub_);
    node.on_reload.emplace_back([this](const settings& now) {
      server_.serve_hosts(now.http.hosts);
      api_->use(now.embedding);
    });
    return server_.start();
  }

  std::string url(const http_settings& http) const {
    return server_url(http, server_.port());
  }

  void stop() {
    server_.stop();
  }

private:
  main_address own_address(http_settings http) const {
    http.port = server_.port();
    return own_main(http);
  }

  sse_hub hub_;
  http_server server_;
  std::unique_ptr<http_api> api_; // destroyed first: it uses the others
};

/// What this process writes into the lease.
lease_holder holder_of(const settings& config, const std::string& boot_id) {
  lease_holder out;
  out.node = name_of(config.cluster);
  out.boot_id = boot_id;
  out.process = this_process();
  out.url = advertised_url(config.http);
  return out;
}

/// Gives back a lease that was taken, at the latest when the start fails.
class lease_return {
public:
  explicit lease_return(main_lease& lease) : lease_(lease) {}
  lease_return(const lease_return&) = delete;
  lease_return& operator=(const lease_return&) = delete;
  ~lease_return() {
    now();
  }

  void arm() {
    is_due_ = true;
  }

  void now() {
    if (std::exchange(is_due_, false))
      (void)lease_.release(); // if this fails, it expires
  }

private:
  main_lease& lease_; ///< the caller's; must outlive this
  bool is_due_ = false;
};

/// For a process that ends in the middle of its work: releases the lease, so
/// that another process need not wait until it expires. Any thread may call it.
std::function<void()> last_words(const settings& config,
                                 const lease_holder& self, uint64_t fence) {
  if (fence == 0)
    return [] {
    };
  return [&config, self, fence] {
    main_lease lease{config.redis, config.queue, self, config.cluster.lease};
    lease.hold(fence);
    (void)lease.release();
  };
}

std::vector<child_spec> children_of(node_context& node,
                                    const main_node_options& options,
                                    const lease_holder& self) {
  std::vector<child_spec> out;
  if (node.fence > 0)
    out.push_back(lease_child(node, self));
  for (auto& x : main_children(node))
    out.push_back(std::move(x));
  if (options.has_cluster)
    out.push_back(registry_child(node));
  if (options.has_pool)
    out.push_back(pool_child(node));
  return out;
}

/// Secures the node's connections.
/// @returns in words, how those of the cluster are
result<std::string> secure(settings& config, const main_node_options& options) {
  if (options.has_http && config.http.enabled)
    if (auto secured = secure_http(config.http); !secured)
      return std::move(secured.error());
  if (!options.has_cluster)
    return std::string{};
  auto secured = secure_main(config.cluster);
  if (!secured)
    return std::move(secured.error());
  return std::string{to_string(*secured)};
}

/// A node of a cluster tries more, before it takes the lease.
status try_own_catalog(const settings& config,
                       const main_node_options& options) {
  if (options.has_cluster)
    return ok;
  auto opened = try_catalog(config.catalog);
  if (!opened && opened.error().code == ec::catalog_unavailable)
    return ok; // results wait until its server is up
  return opened;
}

/// What must hold before a main node takes part.
status check_surroundings(const settings& config,
                          const main_node_options& options) {
  if (auto reachable = check_redis(config.redis); !reachable)
    return reachable;
  warn_of_redis(config.redis);
  return try_own_catalog(config, options);
}

/// Gives the node what its actors work with.
void equip(node_context& node, const settings& config,
           const main_node_options& options, const taken_lease& taken) {
  node.load_again = options.load_again;
  follow_limits(node);
  node.fence = taken.fence;
  node.adoption = 2 * config.cluster.reconnect_max;
  if (taken.was_silent)
    node.adoption += config.cluster.node_timeout;
  node.broker = broker_for(config.cluster);
  if (options.has_cluster) {
    add_uploads_trait(config, node.traits);
    node.mark = mark_uploads(config);
  }
  give_tools(node);
  give_tracing(node);
  *node.slots = slots_of(config);
  node.has_pool = options.has_pool;
  node.allows_chaos = options.is_chaos;
}

queue_context queue_of(const settings& config, bool has_cluster) {
  auto queue = queue_context_of(config);
  const auto& unknown = config.queue.unknown_jobs;
  queue.unknown_wait = unknown == "wait" || (unknown == "auto" && has_cluster);
  return queue;
}

/// Serves the API and the page, if they are asked for, and runs the actors
/// until the node ends.
int serve(node_context& node, const settings& config,
          const main_node_options& options, const lease_holder& self,
          lease_return& give_back) {
  std::unique_ptr<web_side> web;
  std::string url;
  if (options.has_http && config.http.enabled) {
    web = std::make_unique<web_side>(config.http);
    node.on_event = sink_into(web->hub(), config.queue.name);
    auto started = web->start(node);
    if (!started)
      return report(started.error());
    url = web->url(config.http);
    spdlog::info("the page is at {}", url);
  }
  auto code = run_node(node, children_of(node, options, self), role::dispatcher,
                       [&] { options.on_ready(url); });
  give_back.now();
  if (web)
    web->stop();
  return code;
}

} // namespace

int run_main_node(const loaded_settings& loaded,
                  const main_node_options& options) {
  auto config = loaded.values;
  auto security = secure(config, options);
  if (!security)
    return report(security.error());
  auto job_types = job_types_of(config.worker);
  if (!job_types)
    return report(job_types.error());
  auto queue = queue_of(config, options.has_cluster);
  if (auto sound = check_surroundings(config, options); !sound)
    return report(sound.error());
  auto boot_id = random_id();
  auto self = holder_of(config, boot_id);
  main_lease lease{config.redis, config.queue, self, config.cluster.lease};
  lease_return give_back{lease};
  taken_lease taken;
  node_traits traits;
  if (options.has_cluster) {
    traits = main_traits(config);
    auto held = wait_for_lease(lease, config, options.load_again);
    if (!held)
      return report(held.error());
    if (held->fence == 0)
      return exit_ok;
    taken = *held;
    give_back.arm();
    queue.fence = lease.fence_key(taken.fence);
  }
  actor_config actors{config.cluster, options.has_cluster};
  caf::actor_system system{actors};
  node_context node{system, config, self.node, boot_id};
  node.queue = std::move(queue);
  node.last_words = last_words(config, self, taken.fence);
  node.security = *security;
  node.traits = std::move(traits);
  node.job_types = *job_types;
  equip(node, config, options, taken);
  return serve(node, config, options, self, give_back);
}

} // namespace darkroom
