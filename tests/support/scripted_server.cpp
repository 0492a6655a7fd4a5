#include "tests/support/scripted_server.hpp"

#include "services/text/words.hpp"
#include "tests/support/test.hpp"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

namespace darkroom::test {

std::string reply(int status, const std::string& body,
                  const std::string& headers) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + headers
         + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

scripted_server::scripted_server(std::vector<std::string> replies)
  : replies_(std::move(replies)) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in place{};
  place.sin_family = AF_INET;
  place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(place);
  auto* any = reinterpret_cast<sockaddr*>(&place);
  if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0
      || ::getsockname(listener_, any, &size) != 0 || ::pipe(stop_) != 0)
    CAF_FAIL("cannot listen on loopback");
  port_ = ntohs(place.sin_port);
  thread_ = std::thread{[this] {
    run();
  }};
}

scripted_server::~scripted_server() {
  ::close(stop_[1]);
  thread_.join();
  ::close(stop_[0]);
  ::close(listener_);
  for (auto& [fd, bytes] : connections_)
    ::close(fd);
}

std::string scripted_server::url() const {
  return "http://127.0.0.1:" + std::to_string(port_);
}

std::vector<std::string> scripted_server::requests() const {
  std::lock_guard guard{mutex_};
  return requests_;
}

void scripted_server::run() {
  for (;;) {
    std::vector<pollfd> waiting{{stop_[0], POLLIN, 0}, {listener_, POLLIN, 0}};
    for (auto& [fd, bytes] : connections_)
      waiting.push_back({fd, POLLIN, 0});
    if (::poll(waiting.data(), waiting.size(), -1) < 0 || waiting[0].revents)
      return;
    if (waiting[1].revents)
      connections_[::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC)];
    for (size_t i = 2; i < waiting.size(); ++i)
      if (waiting[i].revents)
        take_bytes(waiting[i].fd);
  }
}

// Answers once a request is whole.
void scripted_server::take_bytes(int fd) {
  char buffer[65536];
  auto size = ::recv(fd, buffer, sizeof buffer, 0);
  auto& bytes = connections_[fd];
  auto keeps = size > 0;
  if (keeps)
    bytes.append(buffer, static_cast<size_t>(size));
  auto head = bytes.find("\r\n\r\n");
  if (keeps && head != bytes.npos) {
    auto lower = lower_ascii(bytes.substr(0, head));
    auto at = lower.find("content-length: ");
    auto length = at == lower.npos ? 0 : std::atol(lower.c_str() + at + 16);
    auto end = head + 4 + static_cast<size_t>(length);
    if (bytes.size() < end)
      return;
    auto body = bytes.substr(head + 4, static_cast<size_t>(length));
    bytes.erase(0, end);
    keeps = answer(fd, std::move(body));
  }
  if (!keeps) {
    ::close(fd);
    connections_.erase(fd);
  }
}

bool scripted_server::answer(int fd, std::string body) {
  std::string text;
  {
    std::lock_guard guard{mutex_};
    text = replies_[std::min(requests_.size(), replies_.size() - 1)];
    requests_.push_back(std::move(body));
  }
  if (text.empty())
    return false;
  ::send(fd, text.data(), text.size(), MSG_NOSIGNAL);
  return true;
}

} // namespace darkroom::test
