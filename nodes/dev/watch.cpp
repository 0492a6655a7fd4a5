#include "nodes/dev/watch.hpp"

#include "nodes/command.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

/// Editors write in several steps, so wait until nothing changes for this long.
constexpr auto look_every = std::chrono::milliseconds{500};
/// The pause between two checks whether a node has ended.
constexpr auto glance = std::chrono::milliseconds{50};

std::vector<std::string> own_arguments() {
  std::ifstream file{"/proc/self/cmdline", std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  std::vector<std::string> out;
  for (size_t at = 0; at < text.size();) {
    std::string argument{text.c_str() + at};
    at += argument.size() + 1;
    if (argument != "--watch")
      out.push_back(std::move(argument));
  }
  return out;
}

/// The source tree of a build folder; empty if it is not a build folder.
std::string source_of(const fs::path& build) {
  std::ifstream cache{build / "CMakeCache.txt"};
  const std::string key = "CMAKE_HOME_DIRECTORY:INTERNAL=";
  for (std::string line; std::getline(cache, line);)
    if (line.rfind(key, 0) == 0)
      return line.substr(key.size());
  return {};
}

using snapshot = std::map<std::string, fs::file_time_type>;

void add_file(snapshot& out, const fs::path& path) {
  std::error_code failure;
  auto time = fs::last_write_time(path, failure);
  if (!failure)
    out[path.string()] = time;
}

snapshot sources_of(const std::string& root) {
  snapshot out;
  if (root.empty())
    return out;
  add_file(out, root + "/CMakeLists.txt");
  for (const auto* layer :
       {"messages", "config", "services", "actors", "sim", "nodes"}) {
    std::error_code failure;
    // Not a range-based for, whose step throws if a folder vanishes (git
    // checkout).
    fs::recursive_directory_iterator at{root + "/" + layer, failure}, end;
    for (; !failure && at != end; at.increment(failure))
      if (std::error_code unknown; at->is_regular_file(unknown))
        add_file(out, at->path());
  }
  return out;
}

/// The files that a configuration may come from, in the current folder.
snapshot configuration_of(const std::vector<std::string>& arguments) {
  snapshot out;
  add_file(out, "darkroom.toml");
  add_file(out, "/etc/darkroom/darkroom.toml");
  if (const auto* path = std::getenv("DARKROOM_CONFIG"))
    add_file(out, path);
  const std::string flag = "--config";
  for (size_t i = 0; i < arguments.size(); ++i)
    if (arguments[i] == flag && i + 1 < arguments.size())
      add_file(out, arguments[i + 1]);
    else if (arguments[i].rfind(flag + "=", 0) == 0)
      add_file(out, arguments[i].substr(flag.size() + 1));
  return out;
}

/// Runs a program. @returns its process id
pid_t run_program(
  const std::string& program, std::vector<std::string> arguments,
  const std::function<void()>& prepare = [] {}) {
  auto process = ::fork();
  if (process != 0)
    return process;
  prepare();
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::vector<char*> raw;
  raw.reserve(arguments.size() + 1);
  for (auto& x : arguments)
    raw.push_back(x.data());
  raw.push_back(nullptr);
  ::execvp(program.c_str(), raw.data());
  ::_exit(127);
}

/// Runs a node.
pid_t run_node(const std::string& program,
               const std::vector<std::string>& arguments) {
  return run_program(program, arguments, [] {
    // Only we get the terminal's Ctrl-C. A node that gets it twice, from the
    // terminal and from us, does not finish its jobs.
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  });
}

int code_of(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : exit_failed;
}

int wait_for(pid_t process) {
  int status = 0;
  ::waitpid(process, &status, 0);
  return code_of(status);
}

bool build(const fs::path& folder) {
  say("watch: sources changed, building");
  auto code = wait_for(
    run_program("cmake", {"cmake", "--build", folder.string(), "--target",
                          "darkroom", "darkroom-codec"}));
  if (code != 0)
    say("watch: the build failed; the old program runs on");
  return code == 0;
}

/// Waits for TERM or INT. @returns 0 at the time limit
int next_signal(std::chrono::milliseconds limit) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  timespec time{limit.count() / 1000, (limit.count() % 1000) * 1000000};
  auto got = ::sigtimedwait(&signals, nullptr, &time);
  return got > 0 ? got : 0;
}

/// How a node ended that we stopped.
struct node_end {
  int code = exit_ok;
  bool is_told = false; ///< we were told to end as well
};

/// Ends a node, and passes on the signals that come meanwhile.
node_end end_node(pid_t node, int signal) {
  node_end out;
  ::kill(node, signal);
  int status = 0;
  while (::waitpid(node, &status, WNOHANG) == 0)
    if (auto more = next_signal(glance); more != 0) {
      out.is_told = true;
      ::kill(node, more);
    }
  out.code = code_of(status);
  return out;
}

} // namespace

int watch_and_rerun() {
  auto program = fs::read_symlink("/proc/self/exe").string();
  auto folder = fs::path{program}.parent_path();
  auto root = source_of(folder);
  auto arguments = own_arguments();
  auto sources = sources_of(root);
  auto configuration = configuration_of(arguments);
  auto node = run_node(program, arguments);
  auto is_first = true;
  int code = exit_ok;
  for (;;) {
    if (auto signal = next_signal(look_every); signal != 0)
      return node == 0 ? code : end_node(node, signal).code;
    int status = 0;
    if (node != 0 && ::waitpid(node, &status, WNOHANG) == node) {
      code = code_of(status);
      if (is_first || code == exit_ok)
        return code;
      say("watch: it ended with " + std::to_string(code)
          + "; waiting for a change");
      node = 0;
    }
    auto new_sources = sources_of(root);
    auto new_configuration = configuration_of(arguments);
    auto is_built = new_sources != sources && build(folder);
    auto is_changed = is_built || new_configuration != configuration;
    sources = std::move(new_sources);
    configuration = std::move(new_configuration);
    if (!is_changed)
      continue;
    say("watch: restarting");
    if (node != 0)
      if (auto ended = end_node(node, SIGTERM); ended.is_told)
        return ended.code;
    node = run_node(program, arguments);
    is_first = false;
  }
}

} // namespace darkroom
