/// `darkroom work`: a worker node. Needs no Redis and no database.
#include "actors/jobs/job_type.hpp"
#include "nodes/cluster/actor_config.hpp"
#include "nodes/cluster/secure_cluster.hpp"
#include "nodes/command.hpp"
#include "nodes/node_process.hpp"
#include "nodes/trees.hpp"
#include "services/codec/capacity.hpp"
#include "services/random/random_id.hpp"
#include "services/storage/open_storage.hpp"

#include <caf/actor_system.hpp>

namespace darkroom {

namespace {

int run_work(const command_flags& flags, bool is_chaos) {
  auto loaded = flags.load_for_node_or_exit();
  announce(loaded, "work");
  const auto& config = loaded.values;
  auto mains = mains_of(config.cluster);
  if (!mains)
    return report(mains.error());
  if (auto secured = secure_worker(config.cluster, *mains); !secured)
    return report(secured.error());
  auto storage = open_storage(config.storage);
  if (!storage)
    return report(storage.error());
  auto job_types = job_types_of(config.worker);
  if (!job_types)
    return report(job_types.error());
  actor_config actors{config.cluster, true};
  caf::actor_system system{actors};
  node_context node{system, config, name_of(config.cluster), random_id()};
  node.broker = broker_for(config.cluster);
  give_tools(node);
  give_tracing(node);
  *node.slots = slots_of(config);
  node.load_again = [&flags] {
    return flags.load();
  };
  node.job_types = *job_types;
  node.allows_chaos = is_chaos;
  return run_node(node, {uplink_child(node, *mains), pool_child(node)},
                  role::processor_pool, [] { say("ready"); });
}

} // namespace

void add_work_command(CLI::App& program) {
  auto* command = program.add_subcommand(
    "work", "worker node: joins a main node and runs its jobs");
  auto flags = std::make_shared<command_flags>();
  flags->add_to(*command);
  flags->add_worker_flags(*command);
  flags->add_setting(*command, "--main", "cluster.main",
                     "main nodes, host:port[,host:port…]");
  flags->add_setting(*command, "--name", "cluster.node_name",
                     "name of this node");
  flags->add_tls_flags(*command);
  flags->add_insecure_flag(*command);
  auto is_chaos = std::make_shared<bool>(false);
  command->add_flag("--chaos", *is_chaos,
                    "let actors be killed and the connection be cut through "
                    "the main node (for staging)");
  command->final_callback(
    [flags, is_chaos] { std::exit(run_work(*flags, *is_chaos)); });
}

} // namespace darkroom
