#include "nodes/command.hpp"

#include <cstdio>
#include <cstdlib>

namespace darkroom {

void command_flags::add_to(CLI::App& command) {
  command.add_option("--config", config_, "configuration file (TOML)");
  command.add_option("--set", sets_,
                     "sets any setting: --set section.key=value");
}

void command_flags::add_setting(CLI::App& command, const std::string& flag,
                                const std::string& key,
                                const std::string& help) {
  command.add_option_function<std::string>(
    flag,
    [this, flag, key](const std::string& text) {
      set(key, text, "flag " + flag);
    },
    help);
}

void command_flags::add_default(const std::string& key,
                                const std::string& text) {
  defaults_.push_back({key, text, "default of this command"});
}

void command_flags::set(const std::string& key, const std::string& text,
                        const std::string& origin) {
  flags_.push_back({key, text, origin});
}

loaded_settings command_flags::load_or_exit() const {
  load_request request;
  if (!config_.empty())
    request.config_path = config_;
  request.variables = capture_environment();
  request.defaults = defaults_;
  request.flags = flags_;
  for (const auto& text : sets_) {
    auto parsed = parse_set_flag(text);
    if (!parsed)
      std::exit(report(parsed.error()));
    request.flags.push_back(*parsed);
  }
  auto loaded = load_settings(request);
  if (!loaded)
    std::exit(report(loaded.error()));
  return std::move(*loaded);
}

int report(const error& why) {
  std::fprintf(stderr, "darkroom: %s\n", why.context.c_str());
  switch (why.code) {
    case ec::bad_config:
    case ec::bad_input:
      return exit_usage;
    case ec::redis_unavailable:
      return exit_no_redis;
    default:
      return exit_failed;
  }
}

} // namespace darkroom
