/// `darkroom completion` and `darkroom man`: what a package installs beside the
/// program. Both are hidden, as nobody else needs them.
#include "nodes/command.hpp"
#include "nodes/commands/command_outline.hpp"
#include "nodes/commands/flag_values.hpp"

#include <cstdio>

namespace darkroom {

namespace {

[[noreturn]] void print_and_exit(const std::string& text) {
  auto is_written = std::fputs(text.c_str(), stdout) >= 0
                    && std::fflush(stdout) == 0;
  std::exit(is_written ? exit_ok : exit_failed);
}

std::string completion_of(CLI::App& program, const std::string& shell) {
  auto all = outline_of(program);
  return shell == "bash"  ? bash_completion(all)
         : shell == "zsh" ? zsh_completion(all)
                          : fish_completion(all);
}

} // namespace

void add_shell_commands(CLI::App& program) {
  auto* completion = program.add_subcommand(
    "completion", "prints a script that completes command lines");
  completion->group("");
  auto shell = std::make_shared<std::string>();
  add_word(*completion, "shell", *shell, {"shell", {"bash", "zsh", "fish"}, {}},
           "bash, zsh, fish")
    ->required();
  completion->final_callback(
    [&program, shell] { print_and_exit(completion_of(program, *shell)); });
  auto* man = program.add_subcommand("man", "prints the manual page");
  man->group("");
  man->final_callback(
    [&program] { print_and_exit(manual_page(outline_of(program))); });
}

} // namespace darkroom
