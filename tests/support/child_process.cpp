#include "tests/support/child_process.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>

namespace darkroom::test {

pid_t launch(std::vector<std::string> words, const launch_options& options) {
  std::vector<char*> argv;
  for (auto& word : words)
    argv.push_back(word.data());
  argv.push_back(nullptr);
  auto parent = ::getpid();
  auto child = ::fork();
  if (child != 0)
    return child;
  auto log = ::open(options.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(log, 1);
  ::dup2(log, 2);
  const auto* user = options.user;
  auto is_other = user == nullptr
                  || (::setgroups(0, nullptr) == 0
                      && ::setgid(user->pw_gid) == 0
                      && ::setuid(user->pw_uid) == 0);
  // A change of user would forget it.
  ::prctl(PR_SET_PDEATHSIG, options.at_our_death);
  if (is_other && ::chdir("/") == 0 && ::getppid() == parent)
    ::execvp(argv[0], argv.data());
  ::_exit(127);
}

bool has_ended(pid_t child) {
  return ::waitpid(child, nullptr, WNOHANG) != 0;
}

void end_child(pid_t child, int signal) {
  ::kill(child, signal);
  ::waitpid(child, nullptr, 0);
}

long status_of(pid_t pid, const std::string& key) {
  std::ifstream file{"/proc/" + std::to_string(pid) + "/status"};
  for (std::string line; std::getline(file, line);)
    if (line.compare(0, key.size() + 1, key + ":") == 0)
      return std::strtol(line.c_str() + key.size() + 1, nullptr, 10);
  return 0;
}

} // namespace darkroom::test
