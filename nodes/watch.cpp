#include "nodes/watch.hpp"

#include "nodes/command.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

/// Editors write in several steps: this long without a further change.
constexpr auto look_every = std::chrono::milliseconds{500};

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

/// The source tree of a build folder; empty if it is none.
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
       {"messages", "config", "services", "actors", "nodes"}) {
    std::error_code failure;
    for (const auto& entry :
         fs::recursive_directory_iterator(root + "/" + layer, failure))
      if (entry.is_regular_file(failure))
        add_file(out, entry.path());
  }
  return out;
}

/// The files a configuration may come from, in the present folder.
snapshot configuration_of(const std::vector<std::string>& arguments) {
  snapshot out;
  add_file(out, "darkroom.toml");
  add_file(out, "/etc/darkroom/darkroom.toml");
  if (const auto* path = std::getenv("DARKROOM_CONFIG"))
    add_file(out, path);
  for (size_t i = 0; i + 1 < arguments.size(); ++i)
    if (arguments[i] == "--config")
      add_file(out, arguments[i + 1]);
  return out;
}

/// Runs a program. @returns its process id
pid_t run(const std::string& program, std::vector<std::string> arguments) {
  auto process = ::fork();
  if (process != 0)
    return process;
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  std::vector<char*> raw;
  for (auto& x : arguments)
    raw.push_back(x.data());
  raw.push_back(nullptr);
  ::execvp(program.c_str(), raw.data());
  ::_exit(127);
}

int wait_for(pid_t process) {
  int code = 0;
  ::waitpid(process, &code, 0);
  return WIFEXITED(code) ? WEXITSTATUS(code) : exit_failed;
}

bool build(const fs::path& folder) {
  std::puts("watch: sources changed, building");
  auto code
    = wait_for(run("cmake", {"cmake", "--build", folder.string(), "--target",
                             "darkroom", "darkroom-codec"}));
  if (code != 0)
    std::puts("watch: the build failed; the old program runs on");
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

} // namespace

int watch_and_rerun() {
  auto program = fs::read_symlink("/proc/self/exe").string();
  auto folder = fs::path{program}.parent_path();
  auto root = source_of(folder);
  auto arguments = own_arguments();
  auto sources = sources_of(root);
  auto configuration = configuration_of(arguments);
  auto child = run(program, arguments);
  for (;;) {
    if (auto signal = next_signal(look_every); signal != 0) {
      ::kill(child, signal);
      return wait_for(child);
    }
    int code = 0;
    if (::waitpid(child, &code, WNOHANG) == child)
      return WIFEXITED(code) ? WEXITSTATUS(code) : exit_failed;
    auto new_sources = sources_of(root);
    auto new_configuration = configuration_of(arguments);
    auto is_built = new_sources != sources && build(folder);
    auto is_changed = is_built || new_configuration != configuration;
    sources = std::move(new_sources);
    configuration = std::move(new_configuration);
    if (!is_changed)
      continue;
    std::puts("watch: starting anew");
    std::fflush(stdout);
    ::kill(child, SIGTERM);
    (void)wait_for(child);
    child = run(program, arguments);
  }
}

} // namespace darkroom
