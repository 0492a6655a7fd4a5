/// Programs that tests start.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

struct passwd;

namespace darkroom::test {

struct launch_options {
  std::string log;              ///< its output is appended to this file
  int at_our_death = 9;         ///< the signal it gets when we die; SIGKILL
  const passwd* user = nullptr; ///< null: ourselves
};

/// Starts a program in the folder "/". The first word is its path, or its name
/// to find in PATH; the others are its arguments. If it cannot be run, the
/// child ends with status 127.
pid_t launch(std::vector<std::string> words, const launch_options& options);

/// Whether a child of ours has ended. After that, another process may get its
/// pid.
bool has_ended(pid_t child);

/// Sends it a signal and waits until it has ended.
void end_child(pid_t child, int signal);

/// A number of /proc/<pid>/status, in kB where it is a size; 0 if there is
/// none.
long status_of(pid_t pid, const std::string& key);

} // namespace darkroom::test
