/// `darkroom health`: whether a node on this machine is well, for those that
/// watch it: HEALTHCHECK of a container, an exec probe of Kubernetes.
#include "nodes/command.hpp"
#include "nodes/main_api.hpp"
#include "nodes/node_process.hpp"
#include "services/json/json.hpp"
#include "services/net/established.hpp"

namespace darkroom {

namespace {

struct health_flags {
  command_flags common;
  main_choice main;
  bool is_ready = false;
  bool is_worker = false;
};

/// Shorter than what Docker and Kubernetes are told to wait.
constexpr std::chrono::seconds health_patience{4};

int check_main(const health_flags& flags, const settings& config) {
  auto main = own_main(config.http);
  if (!flags.main.urls.empty() || !flags.main.ca.empty())
    main = main_nodes{flags.main, config.http}.first();
  auto answer = ask_main(main + (flags.is_ready ? "/readyz" : "/livez"), {},
                         health_patience);
  if (!answer)
    return report(answer.error());
  tell(text_member(*answer, "status"));
  return exit_ok;
}

/// A main node cuts off a worker that is silent, so whoever is connected works.
int check_worker(const settings& config) {
  auto mains = mains_of(config.cluster);
  if (!mains)
    return report(mains.error());
  std::string places;
  for (const auto& where : *mains) {
    auto is_there = is_established(where);
    if (is_there && *is_there) {
      tell("connected to " + text_of(where));
      return exit_ok;
    }
    places += (places.empty() ? "" : ", ") + text_of(where)
              + (is_there ? "" : " (" + is_there.error().context + ")");
  }
  note("no worker node is connected to " + places
       + "; its log says why, if it runs");
  return exit_failed;
}

} // namespace

void add_health_command(CLI::App& program) {
  auto* command = program.add_subcommand(
    "health", "whether the node on this machine is alive, for its watchers");
  auto flags = std::make_shared<health_flags>();
  flags->common.add_to(*command);
  flags->main.add_to(*command, "", "--url");
  command->add_flag("--ready", flags->is_ready,
                    "whether it fetches jobs: a standby does not");
  auto* worker = command->add_flag(
    "--worker", flags->is_worker,
    "instead: whether a worker node is connected to one of --main");
  flags->common.add_setting(*command, "--main", "cluster.main",
                            "with --worker: main nodes, host:port[,…]");
  command->get_option("--url")->excludes(worker);
  command->get_option("--ready")->excludes(worker);
  command->final_callback([flags] {
    auto loaded = flags->common.load_or_exit();
    std::exit(flags->is_worker ? check_worker(loaded.values)
                               : check_main(*flags, loaded.values));
  });
}

} // namespace darkroom
