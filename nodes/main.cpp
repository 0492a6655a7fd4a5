/// The binary `darkroom`.
#include "nodes/command.hpp"
#include "nodes/commands/usage.hpp"
#include "nodes/signals.hpp"

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include <cstdio>

namespace {

void add_commands(CLI::App& program) {
  darkroom::add_dev_command(program);
  darkroom::add_solo_command(program);
  darkroom::add_serve_command(program);
  darkroom::add_work_command(program);
  darkroom::add_add_command(program);
  darkroom::add_queue_command(program);
  darkroom::add_jobs_command(program);
  darkroom::add_job_command(program);
  darkroom::add_dead_command(program);
  darkroom::add_tls_command(program);
  darkroom::add_token_command(program);
  darkroom::add_audit_command(program);
  darkroom::add_doctor_command(program);
  darkroom::add_node_commands(program);
  darkroom::add_chaos_command(program);
  darkroom::add_sim_command(program);
  darkroom::add_variants_command(program);
  darkroom::add_resume_command(program);
  darkroom::add_budget_command(program);
  darkroom::add_limits_command(program);
  darkroom::add_webhooks_command(program);
  darkroom::add_redescribe_command(program);
  darkroom::add_search_command(program);
  darkroom::add_duplicates_command(program);
  darkroom::add_image_command(program);
  darkroom::add_reembed_command(program);
  darkroom::add_fsck_command(program);
  darkroom::add_top_command(program);
  darkroom::add_events_command(program);
  darkroom::add_health_command(program);
  darkroom::add_shell_commands(program);
}

} // namespace

// Only a command that is declared wrongly throws past the `try`.
// NOLINTNEXTLINE(bugprone-exception-escape)
int main(int argc, char** argv) {
  darkroom::block_signals();
  CLI::App program{"Darkroom: a cluster of background image workers",
                   "darkroom"};
  program.set_version_flag("--version", "darkroom " DARKROOM_VERSION);
  program.require_subcommand(1);
  add_commands(program);
  try {
    program.parse(argc, argv);
  } catch (const CLI::Success& told) { // --help, --version
    program.exit(told);
    return darkroom::exit_ok;
  } catch (const CLI::ParseError& wrong) {
    std::fprintf(stderr, "darkroom: %s; see `%s --help`\n",
                 darkroom::usage_error(program, wrong).c_str(),
                 darkroom::parsed_command(program).c_str());
    return darkroom::exit_usage;
  } catch (const nlohmann::json::exception& odd) {
    std::fprintf(
      stderr,
      "darkroom: an answer has a form that Darkroom " DARKROOM_VERSION
      " does not know (%s): does --main name a main node of this "
      "version?\n",
      odd.what());
    return darkroom::exit_failed;
  }
  return darkroom::exit_ok;
}
