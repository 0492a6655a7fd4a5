/// What all commands of `darkroom` share: flags, settings and exit codes.
#pragma once

#include "config/load.hpp"
#include "services/text/text_table.hpp"

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace darkroom {

enum exit_code : int {
  exit_ok = 0,
  exit_failed = 1,
  exit_usage = 2,    ///< wrong usage or configuration
  exit_no_redis = 3, ///< Redis cannot be reached
  exit_no_drain = 4, ///< a drain could not hand jobs back
};

/// The flags that every command takes, and those that a command adds.
class command_flags {
public:
  /// Adds `--config` and `--set` to a command.
  void add_to(CLI::App& command);

  /// Adds a flag that is another name of a setting.
  void add_setting(CLI::App& command, const std::string& flag,
                   const std::string& key, const std::string& help);

  /// The flags of commands that run jobs, and of those that own the queue.
  void add_worker_flags(CLI::App& command);
  void add_main_flags(CLI::App& command);

  /// The flags of commands that talk to other nodes.
  void add_tls_flags(CLI::App& command);
  void add_insecure_flag(CLI::App& command);

  /// Sets a default of this command. The configuration file overrides it.
  void add_default(const std::string& key, const std::string& text);

  /// Sets a value, as a flag would.
  void set(const std::string& key, const std::string& text,
           const std::string& origin);

  /// Leaves /etc/darkroom/darkroom.toml to the services of this machine.
  void skip_system_file();

  /// Loads the settings.
  /// @returns what is wrong with them
  result<loaded_settings> load() const;

  /// Loads the settings, or prints what is wrong and ends the process with
  /// exit_usage. Prints warnings.
  loaded_settings load_or_exit() const;

  /// The same, without printing warnings: `announce` logs them.
  loaded_settings load_for_node_or_exit() const;

private:
  std::string config_;
  std::vector<std::string> sets_;
  std::vector<assignment> flags_;
  std::vector<assignment> defaults_;
  bool skips_system_file_ = false;
};

/// Notes the words that an option takes, for completions and the manual page.
/// Help and parsing do not change.
void note_words(CLI::Option* option, const std::vector<std::string>& words);

/// The words that were noted; empty if other texts may be fine, too.
std::vector<std::string> noted_words(CLI::Option* option);

/// Prints an error for people on stderr, on one line.
/// @returns its exit code
int report(const error& why);

/// Prints one line for scripts on stdout, at once.
void say(const std::string& line);

/// Prints a remark for people. It goes to stderr, so that no script takes it
/// for an answer.
void note(const std::string& line);

/// Prints one line for people, and escapes what strangers wrote in it.
void tell(const std::string& line);

/// Prints a table. On a terminal, its lines fit; elsewhere, they are complete.
void say_table(const text_table& table);

// The commands. Each function adds its command to the program.
void add_solo_command(CLI::App& program);
void add_serve_command(CLI::App& program);
void add_work_command(CLI::App& program);
void add_dev_command(CLI::App& program);
void add_add_command(CLI::App& program);
void add_audit_command(CLI::App& program);
void add_queue_command(CLI::App& program);
void add_jobs_command(CLI::App& program);
void add_job_command(CLI::App& program);
void add_dead_command(CLI::App& program);
void add_tls_command(CLI::App& program);
void add_token_command(CLI::App& program);
void add_doctor_command(CLI::App& program);
void add_node_commands(CLI::App& program);
void add_chaos_command(CLI::App& program);
void add_sim_command(CLI::App& program);
void add_variants_command(CLI::App& program);
void add_resume_command(CLI::App& program);
void add_budget_command(CLI::App& program);
void add_limits_command(CLI::App& program);
void add_webhooks_command(CLI::App& program);
void add_redescribe_command(CLI::App& program);
void add_search_command(CLI::App& program);
void add_duplicates_command(CLI::App& program);
void add_image_command(CLI::App& program);
void add_reembed_command(CLI::App& program);
void add_fsck_command(CLI::App& program);
void add_top_command(CLI::App& program);
void add_events_command(CLI::App& program);
void add_health_command(CLI::App& program);

/// For packages, so they are hidden: `darkroom completion` and `darkroom man`,
/// made from all other commands of the program.
void add_shell_commands(CLI::App& program);

} // namespace darkroom
