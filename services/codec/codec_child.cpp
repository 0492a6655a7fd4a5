#include "services/codec/codec_child.hpp"

#include "services/codec/codec_wire.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <spdlog/spdlog.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <set>
#include <thread>
#include <vector>

namespace darkroom {

namespace {

using namespace std::chrono_literals;

constexpr int child_fd = 3;   // codec_main.cpp expects the channel here
constexpr auto patience = 1s; // an idle child ends in 1 ms, a busy one does not
constexpr auto glance = 500us; // between two checks whether it has ended

struct spawn_plan {
  posix_spawn_file_actions_t files{};
  posix_spawnattr_t attributes{};

  // @param words must be above child_fd
  spawn_plan(int fd, int words) {
    posix_spawn_file_actions_init(&files);
    // Comes first because `fd` may be 0. If `fd` is 3 itself, this clears its
    // close-on-exec flag.
    posix_spawn_file_actions_adddup2(&files, fd, child_fd);
    posix_spawn_file_actions_adddup2(&files, words, 2);
    posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&files, 0, 1);
    posix_spawn_file_actions_addclosefrom_np(&files, child_fd + 1);
    posix_spawnattr_init(&attributes);
    sigset_t signals;
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigfillset(&signals);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK
                                            | POSIX_SPAWN_SETSIGDEF
                                            | POSIX_SPAWN_SETPGROUP);
  }

  ~spawn_plan() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

// A clean locale, and the options of sanitizers.
std::vector<std::string> child_environment() {
  std::vector<std::string> kept{"LC_ALL=C.UTF-8"};
  for (auto name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"})
    if (auto value = std::getenv(name))
      kept.push_back(std::string{name} + "=" + value);
  return kept;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (auto& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Reports a wall that the system lacks once, not for every child.
bool is_news(const std::string& line) {
  static std::mutex mutex;
  static std::set<std::string> told;
  if (line.rfind(no_wall, 0) != 0)
    return true;
  std::lock_guard guard{mutex};
  return told.size() < 16 && told.insert(line).second;
}

} // namespace

std::string to_string(const process_end& end) {
  if (end.signal == 0)
    return "exited with status " + std::to_string(end.status);
  auto name = sigabbrev_np(end.signal);
  return "died of "
         + (name ? std::string{"SIG"} + name
                 : "signal " + std::to_string(end.signal));
}

codec_child::~codec_child() {
  stop();
}

status codec_child::start(const std::string& program,
                          const child_limits& limits) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
    return fail(ec::internal,
                std::string{"cannot make a socket for the codec process: "}
                  + std::strerror(errno));
  frame_channel ours{ends[0]};
  frame_channel theirs{ends[1]};
  auto words = words_.open();
  if (!words)
    return std::move(words.error());
  spawn_plan plan{ends[1], *words};
  std::vector<std::string> arguments{program,
                                     std::to_string(limits.memory_bytes),
                                     std::to_string(limits.cpu.count())};
  auto environment = child_environment();
  pid_t pid = 0;
  auto failed = posix_spawn(&pid, program.c_str(), &plan.files,
                            &plan.attributes, pointers_to(arguments).data(),
                            pointers_to(environment).data());
  ::close(*words);
  if (failed)
    return fail(ec::internal,
                "cannot start codec process '" + program
                  + "': " + std::strerror(failed)
                  + "; it must be beside darkroom or in ../lib/darkroom");
  std::lock_guard guard{mutex_};
  pid_ = pid;
  limits_ = limits;
  channel_ = std::move(ours);
  return ok;
}

bool codec_child::is_fit() {
  return pid_ != 0 && !has_ended() && !is_worn();
}

void codec_child::log_words() {
  for (auto& line : words_.take())
    if (is_news(line))
      spdlog::warn("codec process {}: {}", pid_, line);
}

process_end codec_child::stop() {
  channel_.close();
  if (pid_ == 0)
    return {};
  auto end = std::chrono::steady_clock::now() + patience;
  while (!has_ended() && std::chrono::steady_clock::now() < end)
    std::this_thread::sleep_for(glance);
  if (!has_ended())
    ::kill(pid_, SIGKILL);
  siginfo_t ignored{};
  while (waitid(P_PID, static_cast<id_t>(pid_), &ignored, WEXITED | WNOWAIT)
         && errno == EINTR) {
  }
  log_words();
  words_.close();
  std::lock_guard guard{mutex_};
  int how = 0;
  ::waitpid(pid_, &how, 0);
  pid_ = 0;
  if (WIFSIGNALED(how))
    return {WTERMSIG(how), 0};
  return {0, WEXITSTATUS(how)};
}

void codec_child::kill() {
  std::lock_guard guard{mutex_};
  if (pid_ != 0)
    ::kill(pid_, SIGKILL);
}

std::chrono::nanoseconds codec_child::cpu_time() const {
  clockid_t clock{};
  timespec used{};
  if (pid_ == 0 || ::clock_getcpuclockid(pid_, &clock)
      || ::clock_gettime(clock, &used))
    return 0ns;
  return std::chrono::seconds{used.tv_sec}
         + std::chrono::nanoseconds{used.tv_nsec};
}

uint64_t codec_child::resident_bytes() const {
  if (pid_ == 0)
    return 0;
  std::ifstream file{"/proc/" + std::to_string(pid_) + "/statm"};
  uint64_t size = 0;
  uint64_t resident = 0; // pages
  file >> size >> resident;
  return resident * static_cast<uint64_t>(::sysconf(_SC_PAGESIZE));
}

pid_t codec_child::pid() {
  std::lock_guard guard{mutex_};
  return pid_;
}

bool codec_child::is_worn() const {
  clockid_t clock{};
  timespec used{};
  return ::clock_getcpuclockid(pid_, &clock) == 0
         && ::clock_gettime(clock, &used) == 0
         && used.tv_sec >= limits_.cpu.count() / 2;
}

bool codec_child::has_ended() const {
  siginfo_t found{};
  return waitid(P_PID, static_cast<id_t>(pid_), &found,
                WEXITED | WNOHANG | WNOWAIT)
           != 0
         || found.si_pid != 0;
}

} // namespace darkroom
