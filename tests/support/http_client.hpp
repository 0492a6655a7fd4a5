/// A raw HTTP client: sends any bytes, reads what comes, with deadlines.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>

namespace darkroom::test {

/// What came back. Names of headers as the server wrote them.
struct raw_response {
  int status = 0; ///< 0: no response
  std::string head;
  std::string body;

  bool has(std::string_view line) const {
    return head.find(line) != std::string::npos;
  }
};

/// One connection to 127.0.0.1. Every read gives up after 5 s.
class raw_client {
public:
  /// @param receive_bytes the receive buffer; 0 = the system's own
  explicit raw_client(uint16_t port, int receive_bytes = 0)
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_bytes > 0)
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes,
                   sizeof(receive_bytes));
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    connected_
      = ::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof(to)) == 0;
  }
  raw_client(const raw_client&) = delete;
  raw_client& operator=(const raw_client&) = delete;
  ~raw_client() {
    ::close(socket_);
  }

  bool connected() const {
    return connected_;
  }

  /// @returns false if the server closed before all was sent
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0)
        return false;
      bytes.remove_prefix(static_cast<size_t>(sent));
    }
    return true;
  }

  /// Reads on until `mark` came.
  /// @returns all up to and with it; what was there if it never came
  std::string read_to(std::string_view mark) {
    size_t at;
    while ((at = buffer_.find(mark)) == std::string::npos)
      if (!fill())
        return take(buffer_.size());
    return take(at + mark.size());
  }

  /// @param has_body false for an answer to HEAD
  raw_response read_response(bool has_body = true) {
    raw_response out;
    out.head = read_to("\r\n\r\n");
    if (out.head.starts_with("HTTP/1.1 "))
      out.status = std::stoi(out.head.substr(9, 3));
    auto at = out.head.find("Content-Length: ");
    if (at == std::string::npos || !has_body)
      return out;
    auto length = std::stoul(out.head.substr(at + 16));
    while (buffer_.size() < length)
      if (!fill())
        break;
    out.body = take(std::min<size_t>(length, buffer_.size()));
    return out;
  }

  /// Whether the server closes the connection within 5 s; drops what it sends.
  bool is_closed() {
    while (fill())
      buffer_.clear();
    return closed_;
  }

  /// "METHOD target" with Host and `more` header lines, then the response.
  raw_response ask(const std::string& request, const std::string& more = {},
                   std::string_view body = {}) {
    auto head = request + " HTTP/1.1\r\nHost: localhost\r\n" + more;
    if (!body.empty())
      head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    send(head + "\r\n");
    send(body);
    return read_response(!request.starts_with("HEAD"));
  }

private:
  bool fill() {
    pollfd wait{socket_, POLLIN, 0};
    char chunk[65536];
    if (::poll(&wait, 1, 5000) <= 0)
      return false;
    auto got = ::recv(socket_, chunk, sizeof(chunk), 0);
    closed_ = got <= 0;
    if (got > 0)
      buffer_.append(chunk, static_cast<size_t>(got));
    return got > 0;
  }

  std::string take(size_t bytes) {
    auto out = buffer_.substr(0, bytes);
    buffer_.erase(0, bytes);
    return out;
  }

  int socket_;
  bool connected_ = false;
  bool closed_ = false;
  std::string buffer_;
};

} // namespace darkroom::test
