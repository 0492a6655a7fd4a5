/// `darkroom serve`: the main server node.
#include "nodes/command.hpp"
#include "nodes/main_node.hpp"
#include "nodes/node_process.hpp"

namespace darkroom {

namespace {

int run_serve(const command_flags& flags, bool is_chaos) {
  auto loaded = flags.load_for_node_or_exit();
  announce(loaded, "serve");
  main_node_options options;
  options.has_cluster = true;
  options.has_http = true;
  options.is_chaos = is_chaos;
  options.load_again = [&flags] {
    return flags.load();
  };
  options.on_ready = [](const std::string& url) {
    say(url.empty() ? "ready" : "ready at " + url);
  };
  return run_main_node(loaded, options);
}

} // namespace

void add_serve_command(CLI::App& program) {
  auto* command = program.add_subcommand(
    "serve", "main server node: queue, HTTP API, page; worker nodes join it");
  auto flags = std::make_shared<command_flags>();
  auto is_chaos = std::make_shared<bool>(false);
  flags->add_to(*command);
  flags->add_main_flags(*command);
  flags->add_setting(*command, "--cluster-port", "cluster.port",
                     "port for worker nodes");
  flags->add_setting(*command, "--cluster-bind", "cluster.bind",
                     "address for worker nodes");
  flags->add_tls_flags(*command);
  flags->add_insecure_flag(*command);
  command->add_flag("--chaos", *is_chaos,
                    "let actors be killed over HTTP (for staging)");
  command->final_callback(
    [flags, is_chaos] { std::exit(run_serve(*flags, *is_chaos)); });
}

} // namespace darkroom
