/// A real redis-server of a test's own.
#pragma once

#include "config/settings.hpp"
#include "services/redis/connection.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <thread>
#include <vector>

namespace darkroom::test {

/// A loopback port that nobody listens on at this moment.
inline uint16_t free_port() {
  auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(place);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&place), size) != 0
      || ::getsockname(fd, reinterpret_cast<sockaddr*>(&place), &size) != 0)
    CAF_FAIL("no free port");
  ::close(fd);
  return ntohs(place.sin_port);
}

/// Listens on a free loopback port; keeps nothing on disk unless told so. Ends
/// with the object, and with the test process however that dies.
class redis_server {
public:
  /// @param more options of redis-server, e.g. {"--requirepass", "x"}
  explicit redis_server(std::vector<std::string> more = {})
    : more_(std::move(more)) {
    // Another process may grab the port first: try another one then.
    for (int i = 0; i < 10; ++i) {
      port_ = free_port();
      if (start())
        return;
      kill();
    }
    CAF_FAIL("redis-server did not start: " << read_file(folder_ / "log"));
  }
  redis_server(const redis_server&) = delete;
  redis_server& operator=(const redis_server&) = delete;
  ~redis_server() {
    kill();
  }

  pid_t pid() const {
    return pid_;
  }
  uint16_t port() const {
    return port_;
  }

  redis_settings settings() const {
    redis_settings out;
    out.host = "127.0.0.1";
    out.port = port_;
    return out;
  }

  /// As if the machine lost power.
  void kill() {
    if (pid_ <= 0)
      return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  /// Kills it if it runs; the same port again, and what is on disk.
  void restart() {
    kill();
    if (!start())
      CAF_FAIL("redis-server did not restart: " << read_file(folder_ / "log"));
  }

  /// Stops its process: connections stay, answers do not come.
  void freeze() {
    if (pid_ > 0) // -1 would be every process there is
      ::kill(pid_, SIGSTOP);
  }

  void thaw() {
    if (pid_ > 0)
      ::kill(pid_, SIGCONT);
  }

private:
  bool start() {
    std::vector<std::string> words{
      "redis-server", "--port",    std::to_string(port_),
      "--bind",       "127.0.0.1", "--dir",
      folder_.path(), "--save",    "",
      "--appendonly", "no"};
    words.insert(words.end(), more_.begin(), more_.end());
    std::vector<char*> argv;
    for (auto& word : words)
      argv.push_back(word.data());
    argv.push_back(nullptr);
    auto log = folder_ / "log";
    auto parent = ::getpid();
    pid_ = ::fork();
    if (pid_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      auto fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
      ::dup2(fd, 1);
      ::dup2(fd, 2);
      if (::getppid() == parent)
        ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    return answers();
  }

  /// True once the process we started answers on the port; false after 10 s.
  bool answers() {
    auto own = "process_id:" + std::to_string(pid_) + "\r";
    for (int i = 0; i < 1000; ++i) {
      if (::waitpid(pid_, nullptr, WNOHANG) != 0) {
        pid_ = -1;
        return false;
      }
      redis_connection probe{settings()};
      auto reply = probe.call({"INFO", "server"});
      if (reply && text_of(**reply).find(own) != std::string_view::npos)
        return true;
      // With a password it answers NOAUTH: then it is up, and ours by its log.
      if (!reply && reply.error().code == ec::redis_refused
          && reply.error().context.starts_with("NOAUTH"))
        return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return false;
  }

  scratch_folder folder_;
  std::vector<std::string> more_;
  uint16_t port_ = 0;
  pid_t pid_ = -1;
};

/// One server for all test cases of this process.
inline redis_server& shared_redis() {
  static redis_server server;
  return server;
}

} // namespace darkroom::test

namespace darkroom {
using test::redis_server;
} // namespace darkroom
