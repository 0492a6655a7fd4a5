#include "nodes/node_process.hpp"

#include "config/defaults.hpp"
#include "nodes/command.hpp"
#include "nodes/reload.hpp"
#include "nodes/signals.hpp"
#include "services/codec/capacity.hpp"
#include "services/log/log.hpp"
#include "services/net/host_name.hpp"
#include "services/tls/tls_client.hpp"
#include "services/trace/span_exporter.hpp"

#include <caf/scoped_actor.hpp>
#include <caf/send.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace darkroom {

namespace {

supervisor_options options_of(const supervision_settings& from) {
  supervisor_options out;
  out.max_restarts = from.max_restarts;
  out.period = from.period;
  out.delay_min = from.delay_min;
  out.delay_max = from.delay_max;
  return out;
}

/// Repeats the question until an answer comes, as the actor may be restarting.
template <class Handle>
int drain_actor(node_context& node, role which) {
  auto grace = static_cast<int64_t>(node.config.worker.grace.count());
  auto limit = drain_limit(node.config.worker);
  auto deadline = std::chrono::steady_clock::now() + limit;
  caf::scoped_actor self{node.system};
  std::optional<int> code;
  std::string why = "no " + std::string{to_string(which)} + " runs";
  for (; !code && std::chrono::steady_clock::now() < deadline;
       std::this_thread::sleep_for(pool_poll)) {
    auto actor = node.peers->find<Handle>(which);
    if (!actor)
      continue;
    self->request(actor, limit, drain_v, grace)
      .receive(
        [&](const drain_report& report) {
          code = report.stranded == 0 ? exit_ok : exit_no_drain;
          spdlog::info("drained: {} jobs handed back, {} could not be",
                       report.handed_back
                         - std::min(report.handed_back, report.stranded),
                       report.stranded);
        },
        [&](const caf::error& failure) { why = node.system.render(failure); });
  }
  if (!code)
    spdlog::error("the drain failed: {}", why);
  return code.value_or(exit_no_drain);
}

int drain_role(node_context& node, role which) {
  return which == role::dispatcher
           ? drain_actor<dispatcher_actor>(node, which)
           : drain_actor<processor_pool_actor>(node, which);
}

void force_role(node_context& node, role which) {
  if (which == role::dispatcher)
    caf::anon_send(node.peers->find<dispatcher_actor>(which), overdue_v);
  else
    caf::anon_send(node.peers->find<processor_pool_actor>(which), overdue_v);
}

/// A drain whose grace never ends: the node stays, but takes no more jobs.
void quiet_role(node_context& node, role which) {
  constexpr int64_t for_ever = 365LL * 24 * 3600 * 1000;
  node.is_quiet = true;
  if (which == role::dispatcher)
    caf::anon_send(node.peers->find<dispatcher_actor>(which), drain_v,
                   for_ever);
  else
    caf::anon_send(node.peers->find<processor_pool_actor>(which), drain_v,
                   for_ever);
}

/// Stops the tree and waits for its end.
void stop_tree(node_context& node, const supervisor_actor& root) {
  node.stopping->raise();
  node.watcher_wake->raise();
  caf::scoped_actor self{node.system};
  self->monitor(root);
  self->send_exit(root, caf::exit_reason::user_shutdown);
  self->receive([](const caf::down_msg&) {});
  // Remaining handles would keep dead actors alive.
  for (auto i = 0; i < static_cast<int>(role::count_); ++i)
    node.peers->set(static_cast<role>(i), nullptr);
}

/// Returns when the root has started its children.
void wait_for_children(node_context& node, const supervisor_actor& root) {
  caf::scoped_actor self{node.system};
  self->request(root, actor_timeout, children_v)
    .receive([](const child_list&) {},
             [](const caf::error&) {
               // The root has ended already, and the process ends with it.
             });
}

/// What the processors of a node share. Thread-safe.
class shared_tools {
public:
  explicit shared_tools(const node_context& node)
    : settings_(node.live),
      round_(node.tools_round),
      budget_(std::make_shared<codec_budget>(capacity_of(node.config.imaging))),
      models_(std::make_shared<shared_models>(node.config.vision.models)) {}

  std::shared_ptr<codec_tally> tally() const {
    return budget_->tally();
  }

  result<std::unique_ptr<job_tools>> make() {
    auto round = round_->load(); // before the settings, which may be newer
    auto config = settings_->get();
    auto made = job_tools::make(config, embedder_for(round, config), budget_,
                                models_);
    if (made)
      (*made)->are_outdated = [made_in = round, now = round_] {
        return *now != made_in;
      };
    return made;
  }

private:
  std::shared_ptr<shared_embedder> embedder_for(uint64_t round,
                                                const settings& config) {
    std::lock_guard guard{mutex_};
    if (!embedder_ || round != embedder_round_)
      embedder_ = std::make_shared<shared_embedder>(
        [cfg = config.embedding](const std::string& model) {
          return make_embedder(cfg, model);
        });
    embedder_round_ = round;
    return embedder_;
  }

  std::shared_ptr<const live_value<settings>> settings_;
  std::shared_ptr<const std::atomic<uint64_t>> round_;
  std::shared_ptr<codec_budget> budget_;
  std::shared_ptr<shared_models> models_;
  std::mutex mutex_; ///< guards the two below
  std::shared_ptr<shared_embedder> embedder_;
  uint64_t embedder_round_ = 0;
};

} // namespace

void announce(const loaded_settings& loaded, const std::string& command) {
  start_log(loaded.values.log.level, loaded.values.log.format);
  for (const auto& text : loaded.warnings)
    spdlog::warn("{}", text);
  spdlog::info("darkroom {} starts{}", command,
               loaded.file.empty() ? "" : ", configured by " + loaded.file);
  for (const auto& x : describe(loaded))
    if (x.origin != "default")
      spdlog::info("setting {} = {} ({})", x.key, x.text, x.origin);
    else
      spdlog::debug("setting {} = {}", x.key, x.text);
}

status check_redis(const redis_settings& settings) {
  if (settings.tls)
    if (auto fit = check_tls_client(
          {settings.tls_ca, settings.tls_certificate, settings.tls_key, {}});
        !fit)
      return fit;
  redis_connection probe{settings};
  auto answer = probe.call({"PING"});
  if (!answer)
    return std::move(answer.error());
  return ok;
}

std::string name_of(const cluster_settings& cluster) {
  if (!cluster.node_name.empty())
    return cluster.node_name;
  auto host = host_name();
  return (host.empty() ? "node" : host) + "-" + std::to_string(getpid());
}

result<std::vector<endpoint>> mains_of(const cluster_settings& cluster) {
  std::vector<endpoint> out;
  for (const auto& text : cluster.main) {
    auto parsed = parse_endpoint(text);
    if (!parsed)
      return std::move(parsed.error());
    out.push_back(*parsed);
  }
  if (out.empty())
    return fail(ec::bad_config, "darkroom work needs a main node: --main "
                                "host:port, or [cluster] main");
  return out;
}

void give_tools(node_context& node) {
  auto tools = std::make_shared<shared_tools>(node);
  node.codecs = tools->tally();
  node.make_tools = [tools] {
    return tools->make();
  };
}

void give_tracing(node_context& node) {
  const auto& trace = node.config.trace;
  if (trace.endpoint.empty())
    return;
  trace_resource from{{"service.name", trace.service},
                      {"service.version", DARKROOM_VERSION},
                      {"service.instance.id", node.boot_id},
                      {"darkroom.node", node.name}};
  node.tracing = std::make_shared<span_exporter>(trace, std::move(from),
                                                 node.counted);
}

int run_node(node_context& node, std::vector<child_spec> children, role drained,
             const std::function<void()>& on_ready) {
  auto root = node.system.spawn(supervisor, std::move(children),
                                options_of(node.config.supervision));
  node.root = caf::actor_cast<caf::weak_actor_ptr>(root);
  root->attach_functor([&node](const caf::error& why) {
    if (why == caf::exit_reason::user_shutdown)
      return;
    spdlog::critical("the node's actors cannot be kept running: leaving");
    if (node.last_words)
      node.last_words();
    _exit(exit_failed);
  });
  wait_for_children(node, root);
  on_ready();
  auto code = serve_until_signal([&] { quiet_role(node, drained); },
                                 [&] {
                                   node.is_leaving = true;
                                   return drain_role(node, drained);
                                 },
                                 [&] { force_role(node, drained); },
                                 drain_limit(node.config.worker) * 2,
                                 [&] { reload(node); });
  // Threads that wait for a hanging Redis end at the time limit of their
  // command.
  auto limit = node.config.redis.command_timeout + std::chrono::seconds{1};
  leave_within(limit, exit_no_drain, "the node did not stop in time: leaving");
  stop_tree(node, root);
  if (node.tracing)
    node.tracing->finish();
  spdlog::info("stopped");
  // All is settled, so this is no failure, even if CAF's threads hang: they
  // sometimes do when the node at the other end stops at the same moment.
  leave_within(limit / 2, code,
               "CAF's threads did not end: leaving without them");
  return code;
}

} // namespace darkroom
