#include "services/process/process_identity.hpp"

#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace darkroom {

namespace {

std::string first_line(const std::string& path) {
  std::ifstream file{path};
  std::string line;
  std::getline(file, line);
  return line;
}

std::string this_machine() {
  std::error_code failure;
  auto space = std::filesystem::read_symlink("/proc/self/ns/pid", failure);
  return first_line("/proc/sys/kernel/random/boot_id") + " " + space.string();
}

/// The 22nd field of proc(5)'s stat, and whether the process is a zombie. The
/// 2nd field, the name in parentheses, may contain any character.
struct process_stat {
  std::string started; ///< empty if there is no such process
  bool is_zombie = false;
};

process_stat stat_of(int64_t pid) {
  auto line = first_line("/proc/" + std::to_string(pid) + "/stat");
  auto end = line.rfind(')');
  if (end == std::string::npos)
    return {};
  std::istringstream rest{line.substr(end + 1)};
  process_stat out;
  std::string word;
  for (int field = 3; field <= 22 && rest >> word; ++field) {
    if (field == 3)
      out.is_zombie = word == "Z" || word == "X";
    if (field == 22)
      out.started = word;
  }
  return out;
}

} // namespace

process_identity this_process() {
  return identity_of(getpid());
}

process_identity identity_of(int64_t pid) {
  return {this_machine(), pid, stat_of(pid).started};
}

bool is_gone(const process_identity& x) {
  if (x.machine.empty() || x.machine != this_machine())
    return false;
  auto now = stat_of(x.pid);
  if (now.started.empty()) // it has ended, or we may not look at it
    return kill(static_cast<pid_t>(x.pid), 0) != 0 && errno == ESRCH;
  return now.started != x.started || now.is_zombie;
}

} // namespace darkroom
