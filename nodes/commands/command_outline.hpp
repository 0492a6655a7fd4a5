/// The commands of `darkroom` as data, for completions and the manual page. All
/// of it comes from the declarations that also parse, so nothing is told twice.
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace darkroom {

/// A flag, or an argument without a name of its own.
struct option_outline {
  std::vector<std::string> names; ///< "-f", "--follow"; or "action"
  std::string value;              ///< "TEXT"; empty if it takes no value
  std::string help;
  std::vector<std::string> words; ///< the values that it takes; empty = any
  bool is_required = false;
  bool is_repeated = false; ///< takes several values
};

struct command_outline {
  std::string path; ///< "darkroom tls init"
  std::string help;
  std::vector<option_outline> flags;
  std::vector<option_outline> arguments;
  std::vector<std::string> commands; ///< names of its commands: "init"

  /// "init" of "darkroom tls init".
  std::string name() const {
    return path.substr(path.rfind(' ') + 1);
  }
};

/// The program and all its commands, each before its own ones. What help hides
/// is left out.
std::vector<command_outline> outline_of(CLI::App& program);

// Scripts that complete command lines.
std::string bash_completion(const std::vector<command_outline>& all);
std::string zsh_completion(const std::vector<command_outline>& all);
std::string fish_completion(const std::vector<command_outline>& all);

/// The manual page darkroom(1).
std::string manual_page(const std::vector<command_outline>& all);

} // namespace darkroom
