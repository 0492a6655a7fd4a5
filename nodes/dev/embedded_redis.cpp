#include "nodes/dev/embedded_redis.hpp"

#include "services/redis/connection.hpp"
#include "services/storage/private_files.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <thread>
#include <utility>
#include <vector>

namespace darkroom {

namespace {

constexpr auto start_time = std::chrono::seconds{10};

/// A port that was free a moment ago; 0 if the system has none.
uint16_t free_port() {
  int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  auto* raw = reinterpret_cast<sockaddr*>(&address);
  auto is_bound = ::bind(fd, raw, size) == 0
                  && ::getsockname(fd, raw, &size) == 0;
  ::close(fd);
  return is_bound ? ntohs(address.sin_port) : 0;
}

[[noreturn]] void run_server(const std::string& folder, uint16_t port) {
  // It must not outlive us. It must not get the terminal's signals either,
  // because we drain first.
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  ::setpgid(0, 0);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  auto log = folder + "/redis.log";
  int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
                   0600);
  ::dup2(out, STDOUT_FILENO);
  ::dup2(out, STDERR_FILENO);
  auto port_text = std::to_string(port);
  ::execlp("redis-server", "redis-server", "--port", port_text.c_str(),
           "--bind", "127.0.0.1", "--dir", folder.c_str(), "--appendonly",
           "yes", "--appendfsync", "always", "--save", "", "--maxmemory-policy",
           "noeviction", nullptr);
  ::_exit(127);
}

bool answers(uint16_t port) {
  redis_settings settings;
  settings.host = "127.0.0.1";
  settings.port = port;
  redis_connection probe{settings};
  return static_cast<bool>(probe.call({"PING"}));
}

} // namespace

result<embedded_redis> embedded_redis::start(const std::string& folder) {
  if (auto made = make_private_folder(folder); !made)
    return std::move(made.error());
  auto port = free_port();
  auto process = ::fork();
  if (process < 0)
    return fail(ec::internal, "cannot start a process for redis-server");
  if (process == 0)
    run_server(folder, port);
  embedded_redis server{process, port};
  auto deadline = std::chrono::steady_clock::now() + start_time;
  while (std::chrono::steady_clock::now() < deadline) {
    if (answers(port))
      return server;
    int code = 0;
    if (::waitpid(process, &code, WNOHANG) == process) {
      server.process_ = 0;
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds{20});
  }
  return fail(ec::redis_unavailable,
              "redis-server did not start; install it (apt-get install "
              "redis-server) and see "
                + folder + "/redis.log");
}

embedded_redis::embedded_redis(pid_t process, uint16_t port)
  : process_(process),
    port_(port) {}

embedded_redis::~embedded_redis() {
  stop();
}

embedded_redis::embedded_redis(embedded_redis&& other) noexcept
  : process_(std::exchange(other.process_, 0)),
    port_(other.port_) {}

embedded_redis& embedded_redis::operator=(embedded_redis&& other) noexcept {
  if (this != &other) {
    stop();
    process_ = std::exchange(other.process_, 0);
    port_ = other.port_;
  }
  return *this;
}

void embedded_redis::stop() {
  if (process_ == 0)
    return;
  ::kill(process_, SIGTERM);
  ::waitpid(process_, nullptr, 0);
  process_ = 0;
}

} // namespace darkroom
