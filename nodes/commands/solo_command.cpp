/// `darkroom solo`: main and worker in one process on an existing Redis.
#include "nodes/command.hpp"
#include "nodes/main_node.hpp"
#include "nodes/node_process.hpp"

#include <spdlog/spdlog.h>

namespace darkroom {

namespace {

int run_solo(const command_flags& flags, bool is_chaos) {
  auto loaded = flags.load_for_node_or_exit();
  announce(loaded, "solo");
  main_node_options options;
  options.has_pool = true;
  options.has_http = loaded.values.http.enabled;
  options.is_chaos = is_chaos;
  options.load_again = [&flags] {
    return flags.load();
  };
  if (!options.has_http)
    spdlog::info("solo serves no page and no API (http.enabled is false): "
                 "--port 3000 or [http] enabled = true turns them on");
  options.on_ready = [](const std::string&) {
    say("ready");
  };
  return run_main_node(loaded, options);
}

} // namespace

void add_solo_command(CLI::App& program) {
  auto* command = program.add_subcommand(
    "solo", "main and worker in one process on an existing Redis");
  auto flags = std::make_shared<command_flags>();
  auto is_chaos = std::make_shared<bool>(false);
  flags->add_to(*command);
  flags->add_worker_flags(*command);
  flags->add_main_flags(*command);
  flags->add_insecure_flag(*command);
  // A worker beside others; `--port` switches the page on.
  flags->add_default("http.enabled", "false");
  command->add_flag("--chaos", *is_chaos,
                    "let actors be killed over HTTP (for staging)");
  command->final_callback(
    [flags, is_chaos] { std::exit(run_solo(*flags, *is_chaos)); });
}

} // namespace darkroom
