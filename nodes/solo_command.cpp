/// `darkroom solo`: main and worker in one process on an existing Redis.
#include <cstdio>

#include <caf/actor_system.hpp>

#include "nodes/actor_config.hpp"
#include "nodes/command.hpp"
#include "nodes/node_process.hpp"
#include "nodes/signals.hpp"
#include "nodes/trees.hpp"
#include "services/random/random_id.hpp"

namespace darkroom {

namespace {

int run_solo(const command_flags& flags) {
  auto loaded = flags.load_or_exit();
  announce(loaded, "solo");
  auto reachable = check_redis(loaded.values.redis);
  if (!reachable)
    return report(reachable.error());
  actor_config config{loaded.values.cluster, false};
  caf::actor_system system{config};
  node_context node{system, loaded.values, name_of(loaded.values.cluster),
                    random_id()};
  node.make_tools = tools_of(loaded.values);
  auto children = main_children(node);
  children.push_back(pool_child(node));
  return run_node(node, std::move(children), role::dispatcher, [] {
    std::puts("ready");
    std::fflush(stdout);
  });
}

} // namespace

void add_solo_command(CLI::App& program) {
  auto* command = program.add_subcommand(
    "solo", "main and worker in one process on an existing Redis");
  auto flags = std::make_shared<command_flags>();
  flags->add_to(*command);
  flags->add_setting(*command, "--concurrency", "worker.concurrency",
                     "jobs at once");
  command->add_flag_callback(
    "--diagnostics",
    [flags] { flags->set("worker.diagnostics", "true", "flag --diagnostics"); },
    "also run the diagnostic jobs (echo, sleep, flaky, …)");
  command->final_callback([flags] { std::exit(run_solo(*flags)); });
}

} // namespace darkroom
