/// Bytes of a client against the real server: its parser, checks, limits,
/// routes, uploads and event stream.
#include "services/http/http_server.hpp"

#include <arpa/inet.h>
#include <spdlog/spdlog.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <string>
#include <thread>

using namespace darkroom;

namespace {

http_settings small() {
  http_settings out;
  out.port = 0;
  out.threads = 1;
  out.max_body_bytes = 100000;
  out.max_upload_bytes = 100000;
  out.replay_events = 10;
  // What a client leaves open must not hold up the next input.
  out.header_timeout = std::chrono::milliseconds{200};
  out.body_timeout = std::chrono::milliseconds{200};
  out.idle_timeout = std::chrono::milliseconds{200};
  return out;
}

/// A server for all inputs.
struct front {
  front() : settings(small()), hub(settings), server(settings) {
    spdlog::set_level(spdlog::level::off);
    char name[] = "/tmp/fuzz-http-XXXXXX";
    folder = ::mkdtemp(name);
    server.route("GET", "/api/jobs/{id}", [](const http_request& request) {
      return json_response(200, request.param("id") + request.arg("q")
                                  + std::string(2000, 'x'));
    });
    server.route("POST", "/api/echo", [](const http_request& request) {
      return json_response(200, request.body);
    });
    server.route(
      "GET", "/livez",
      [](const http_request&) { return json_response(200, "{}"); },
      http_lane::instant);
    server.route("GET", "/files/{path...}", [](const http_request&) {
      http_response out;
      out.file = "/proc/self/exe";
      return out;
    });
    server.upload(
      "/api/images",
      {[this](const http_request&) {
         return upload_decision{folder + '/' + std::to_string(++uploads), {}};
       },
       [](const http_request&, const std::string& path, uint64_t) {
         std::filesystem::remove(path);
         return json_response(201, "{}");
       }});
    server.stream("/api/events", hub);
    for (uint64_t number = 1; number <= 20; ++number)
      hub.publish({number, 5, "job-progress", "i", "j", "{}"});
    hub.ready();
    if (!server.start())
      std::abort();
  }

  ~front() {
    server.stop();
    std::filesystem::remove_all(folder);
  }

  http_settings settings;
  sse_hub hub;
  http_server server;
  std::string folder;
  uint64_t uploads = 0;
};

/// libFuzzer's clock interrupts calls that wait: they are made again. Where
/// other tests use all ports of this machine, waits for one.
int connect_to(uint16_t port) {
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto socket = -1;
  for (auto tries = 0;; ++tries) {
    socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof to) == 0)
      break;
    if ((errno != EADDRNOTAVAIL && errno != EINTR) || tries == 20) {
      std::perror("connecting to the server that is tried");
      std::abort();
    }
    auto wait = std::chrono::milliseconds{errno == EINTR ? 0 : 1000};
    ::close(socket);
    std::this_thread::sleep_for(wait);
  }
  // A reset in place of TIME_WAIT, which would use up all ports in a minute.
  linger now{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  return socket;
}

/// Calls until no signal interrupts the call.
template <class Call>
ssize_t again(const Call& call) {
  for (;;)
    if (auto done = call(); done >= 0 || errno != EINTR)
      return done;
}

/// Sends all, then reads until the server has nothing more to say.
/// @returns the beginning of what it said
std::string talk(uint16_t port, std::string_view bytes) {
  auto socket = connect_to(port);
  while (!bytes.empty()) {
    auto sent = again(
      [&] { return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL); });
    if (sent <= 0)
      break;
    bytes.remove_prefix(static_cast<size_t>(sent));
  }
  ::shutdown(socket, SHUT_WR);
  std::string out;
  char piece[65536];
  for (;;) {
    auto got = again([&] { return ::recv(socket, piece, sizeof piece, 0); });
    if (got <= 0)
      break;
    if (out.size() < 4096)
      out.append(piece, static_cast<size_t>(got));
  }
  ::close(socket);
  return out;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  static front ours;
  static uint64_t inputs = 0;
  auto said = talk(ours.server.port(),
                   {reinterpret_cast<const char*>(data), size});
  if (!said.empty() && !said.starts_with("HTTP/1.1 "))
    std::abort();
  // No request may end the server, nor make a handler or a step throw.
  if (ours.server.counters().failed != 0)
    std::abort();
  if (++inputs % 64 == 0
      && !talk(ours.server.port(), "GET /livez HTTP/1.1\r\nHost: localhost\r\n"
                                   "Connection: close\r\n\r\n")
            .starts_with("HTTP/1.1 200"))
    std::abort();
  return 0;
}
