#include "tests/support/redis_server.hpp"

#include "services/redis/connection.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/test.hpp"

#include <arpa/inet.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <random>
#include <thread>

namespace darkroom::test {

namespace {

// The first port that the system may give to a connection, or to a server that
// asks for any.
uint16_t first_given_port() {
  std::ifstream range{"/proc/sys/net/ipv4/ip_local_port_range"};
  uint16_t first = 0;
  range >> first;
  return std::max<uint16_t>(first, 20000);
}

bool is_free(uint16_t port) {
  auto fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  place.sin_port = htons(port);
  auto is = ::bind(fd, reinterpret_cast<sockaddr*>(&place), sizeof(place)) == 0;
  ::close(fd);
  return is;
}

} // namespace

uint16_t free_port() {
  std::random_device dice;
  std::uniform_int_distribution<uint16_t> ports{10100, first_given_port()};
  for (;;)
    if (auto port = ports(dice); is_free(port))
      return port;
}

redis_server::redis_server(std::vector<std::string> more)
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

redis_server::~redis_server() {
  kill();
}

redis_settings redis_server::settings() const {
  redis_settings out;
  out.host = "127.0.0.1";
  out.port = port_;
  return out;
}

void redis_server::restart() {
  kill();
  if (!start())
    CAF_FAIL("redis-server did not restart: " << read_file(folder_ / "log"));
}

void redis_server::freeze() {
  if (pid_ > 0) // -1 would be every process there is
    ::kill(pid_, SIGSTOP);
}

void redis_server::thaw() {
  if (pid_ > 0)
    ::kill(pid_, SIGCONT);
}

bool redis_server::start() {
  std::vector<std::string> words{
    "redis-server", "--port",    std::to_string(port_),
    "--bind",       "127.0.0.1", "--dir",
    folder_.path(), "--save",    "",
    "--appendonly", "no"};
  words.insert(words.end(), more_.begin(), more_.end());
  pid_ = launch(std::move(words), {folder_ / "log"});
  return answers();
}

bool redis_server::answers() {
  auto own = "process_id:" + std::to_string(pid_) + "\r";
  for (int i = 0; i < 1000; ++i) {
    if (has_ended(pid_)) {
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

void redis_server::kill() {
  if (pid_ <= 0)
    return;
  end_child(pid_, SIGKILL);
  pid_ = -1;
}

redis_server& shared_redis() {
  static redis_server server;
  return server;
}

} // namespace darkroom::test
