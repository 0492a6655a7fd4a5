/// `darkroom dev`: everything in one process on an embedded default.
#include "nodes/command.hpp"
#include "nodes/dev/embedded_redis.hpp"
#include "nodes/dev/sample_run.hpp"
#include "nodes/dev/watch.hpp"
#include "nodes/main_node.hpp"
#include "nodes/node_process.hpp"
#include "services/process/guarded_thread.hpp"
#include "services/storage/private_files.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <optional>
#include <thread>

namespace darkroom {

namespace {

struct dev_flags {
  command_flags common;
  std::string data = "data";
  std::string samples; ///< folder; empty = none
  bool exits = false;  ///< when the samples are done
  bool watches = false;
  bool is_chaos = false;
};

/// Uses the configured Redis if it answers, else starts one.
result<std::optional<embedded_redis>> find_redis(settings& config,
                                                 const std::string& data) {
  if (check_redis(config.redis))
    return std::optional<embedded_redis>{};
  auto started = embedded_redis::start(data + "/redis");
  if (!started)
    return std::move(started.error());
  config.redis = redis_settings{};
  config.redis.host = "127.0.0.1";
  config.redis.port = started->port();
  spdlog::info("no Redis answered: started one on port {}", started->port());
  return std::optional<embedded_redis>{std::move(*started)};
}

/// Runs the samples beside the node. Ends the process afterwards if asked to.
int run_samples_beside(const settings& config, const dev_flags& flags,
                       const std::string& url, const std::atomic<bool>& stop) {
  int code = exit_ok;
  if (!flags.samples.empty()) {
    auto done = run_samples(config, flags.samples, stop);
    if (!done)
      code = report(done.error());
    else if (!*done)
      code = exit_failed;
  }
  if (flags.exits)
    ::kill(::getpid(), SIGTERM);
  else
    say("\nThe dashboard is at " + url + " (Ctrl-C ends)");
  return code;
}

int run_dev(dev_flags& flags) {
  if (flags.watches)
    return watch_and_rerun();
  flags.common.add_default("storage.uploads", flags.data + "/uploads");
  flags.common.add_default("catalog.database", flags.data + "/darkroom.db");
  auto loaded = flags.common.load_for_node_or_exit();
  announce(loaded, "dev");
  if (auto made = make_private_folder(flags.data); !made)
    return report(made.error());
  auto redis = find_redis(loaded.values, std::filesystem::absolute(flags.data));
  if (!redis)
    return report(redis.error());
  std::thread samples;
  int samples_code = exit_ok;
  std::atomic<bool> stop = false;
  main_node_options options;
  options.has_pool = true;
  options.has_http = true;
  options.is_chaos = flags.is_chaos;
  options.load_again = [&]() -> result<loaded_settings> {
    auto again = flags.common.load();
    if (again) // it may be the one that this command started
      again->values.redis = loaded.values.redis;
    return again;
  };
  options.on_ready = [&](const std::string& url) {
    say("ready");
    samples = guarded_thread("the run of the samples", [&, url] {
      samples_code = run_samples_beside(loaded.values, flags, url, stop);
    });
  };
  auto code = run_main_node(loaded, options);
  stop = true;
  if (samples.joinable())
    samples.join();
  return code != exit_ok ? code : samples_code;
}

} // namespace

void add_dev_command(CLI::App& program) {
  auto* command = program.add_subcommand(
    "dev", "all in one process; starts its own Redis where none answers");
  auto flags = std::make_shared<dev_flags>();
  flags->common.add_to(*command);
  flags->common.add_worker_flags(*command);
  flags->common.add_main_flags(*command);
  flags->common.add_insecure_flag(*command);
  flags->common.add_default("queue.limit", "off");
  flags->common.skip_system_file();
  command->add_option("--data", flags->data, "folder for everything it keeps");
  command->add_option("--samples", flags->samples,
                      "folder of pictures to process at start");
  command->add_flag("--exit", flags->exits, "end when the samples are done");
  command->add_flag("--watch", flags->watches,
                    "build and restart when sources or settings change");
  command->add_flag("--chaos", flags->is_chaos,
                    "let actors be killed over HTTP (for staging)");
  command->final_callback([flags] { std::exit(run_dev(*flags)); });
}

} // namespace darkroom
