#include "nodes/command.hpp"

#include "config/field.hpp"
#include "services/redis/refusal_text.hpp"
#include "services/terminal/terminal.hpp"
#include "services/text/printable.hpp"

#include <cstdio>
#include <cstdlib>
#include <iterator>
#include <sstream>

namespace darkroom {

void command_flags::add_to(CLI::App& command) {
  command.add_option("--config", config_, "configuration file (TOML)");
  auto* set = command.add_option("--set", sets_,
                                 "sets any setting: --set section.key=value");
  std::vector<std::string> keys;
  for (const auto& row : all_fields())
    keys.push_back(row.name() + '=');
  note_words(set, keys);
}

void command_flags::add_setting(CLI::App& command, const std::string& flag,
                                const std::string& key,
                                const std::string& help) {
  auto* option = command.add_option_function<std::string>(
    flag,
    [this, flag, key](const std::string& text) {
      set(key, text, "flag " + flag);
    },
    help);
  if (auto row = find_field(key); row && !(*row)->choices.empty())
    note_words(option, (*row)->choices);
}

void command_flags::add_worker_flags(CLI::App& command) {
  add_setting(command, "--concurrency", "worker.concurrency", "jobs at once");
  add_setting(command, "--uploads", "storage.uploads", "folder of the images");
  add_setting(command, "--job-types", "worker.job_types",
              "jobs that this node runs, a,b,…; all if not given");
  command.add_flag_callback(
    "--diagnostics",
    [this] { set("worker.diagnostics", "true", "flag --diagnostics"); },
    "also run the diagnostic jobs (echo, sleep, flaky, …)");
}

void command_flags::add_main_flags(CLI::App& command) {
  add_setting(command, "--queue", "queue.name", "queue to work on");
  add_setting(command, "--limit", "queue.limit",
              "most job starts a window: 10/60s, or off");
  command.add_option_function<std::string>(
    "--port",
    [this](const std::string& text) {
      set("http.port", text, "flag --port");
      set("http.enabled", "true", "flag --port");
    },
    "port of the HTTP API and the page");
}

void command_flags::add_tls_flags(CLI::App& command) {
  add_setting(command, "--tls-certificate", "cluster.tls_certificate",
              "this node's certificate (PEM)");
  add_setting(command, "--tls-key", "cluster.tls_key", "its key (PEM)");
  add_setting(command, "--tls-ca", "cluster.tls_ca",
              "CA of all nodes' certificates (PEM)");
}

void command_flags::add_insecure_flag(CLI::App& command) {
  command.add_flag_callback(
    "--insecure",
    [this] {
      set("cluster.insecure", "true", "flag --insecure");
      set("http.insecure", "true", "flag --insecure");
    },
    "talk beyond this machine without protection");
}

void command_flags::add_default(const std::string& key,
                                const std::string& text) {
  defaults_.push_back({key, text, "default of this command"});
}

void command_flags::set(const std::string& key, const std::string& text,
                        const std::string& origin) {
  flags_.push_back({key, text, origin});
}

void command_flags::skip_system_file() {
  skips_system_file_ = true;
}

namespace {

constexpr size_t longest_line = 8000; ///< bytes; log lines of jobs are long
constexpr const char* words_note = "words"; ///< name of a validator

} // namespace

result<loaded_settings> command_flags::load() const {
  load_request request;
  if (!config_.empty())
    request.config_path = config_;
  if (skips_system_file_)
    request.search.pop_back();
  request.variables = capture_environment();
  request.defaults = defaults_;
  request.flags = flags_;
  for (const auto& text : sets_) {
    auto parsed = parse_set_flag(text);
    if (!parsed)
      return std::move(parsed.error());
    request.flags.push_back(*parsed);
  }
  return load_settings(request);
}

loaded_settings command_flags::load_or_exit() const {
  auto loaded = load_for_node_or_exit();
  for (const auto& text : loaded.warnings)
    note(text);
  return loaded;
}

loaded_settings command_flags::load_for_node_or_exit() const {
  auto loaded = load();
  if (!loaded)
    std::exit(report(loaded.error()));
  return std::move(*loaded);
}

// CLI11 keeps nothing of ours with an option but validators. One that is not
// active neither checks nor shows in the help.
void note_words(CLI::Option* option, const std::vector<std::string>& words) {
  std::string all;
  for (const auto& word : words)
    all += word + ' ';
  CLI::Validator note{all};
  note.active(false);
  option->check(std::move(note), words_note);
}

std::vector<std::string> noted_words(CLI::Option* option) {
  try {
    auto note = *option->get_validator(words_note);
    std::istringstream all{note.active().get_description()};
    return {std::istream_iterator<std::string>{all}, {}};
  } catch (const CLI::OptionNotFound&) {
    return {};
  }
}

void say(const std::string& line) {
  std::puts(line.c_str());
  std::fflush(stdout);
}

void tell(const std::string& line) {
  say(printable(line, longest_line));
}

void say_table(const text_table& table) {
  for (const auto& line : table.lines(columns_of_stdout()))
    say(line);
}

void note(const std::string& line) {
  std::fprintf(stderr, "darkroom: %s\n", printable(line, longest_line).c_str());
}

int report(const error& why) {
  note(why.code == ec::redis_refused ? refusal_text(why.context) : why.context);
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
