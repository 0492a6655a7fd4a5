/// Programs that tests start.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

struct passwd;

namespace darkroom::test {

struct launch_options {
  std::string log;              ///< file to whose end its output goes
  int at_our_death = 9;         ///< the signal that it gets then; SIGKILL
  const passwd* user = nullptr; ///< null: ourselves
};

/// Starts a program: its name, looked for in PATH, or its path, then its
/// arguments. Its folder is "/". It ends with status 127 if it cannot be run.
pid_t launch(std::vector<std::string> words, const launch_options& options);

/// Whether a child of ours has ended. Its pid may be another's after that.
bool has_ended(pid_t child);

/// Sends it a signal and waits until it has ended.
void end_child(pid_t child, int signal);

} // namespace darkroom::test
