/// A raw HTTP client: sends any bytes and reads any answer, with deadlines.
#pragma once

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <string_view>

namespace darkroom::test {

/// The response. Names of headers are spelled like the server wrote them.
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
  /// @param receive_bytes size of the receive buffer; 0 = the system's default
  /// @param from the client's address, in 127.0.0.0/8
  explicit raw_client(uint16_t port, int receive_bytes = 0,
                      const char* from = "127.0.0.1")
    : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    if (receive_bytes > 0)
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes,
                   sizeof(receive_bytes));
    sockaddr_in own{};
    own.sin_family = AF_INET;
    ::inet_pton(AF_INET, from, &own.sin_addr);
    ::bind(socket_, reinterpret_cast<sockaddr*>(&own), sizeof(own));
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
  bool send(std::string_view bytes);

  /// Reads until `mark` has come.
  /// @returns everything up to the mark and including it; everything that came
  /// if the mark did not
  std::string read_to(std::string_view mark);

  /// @param has_body false for an answer to HEAD
  raw_response read_response(bool has_body = true);

  /// Whether the server closes the connection within 5 s; drops data from the
  /// server.
  bool is_closed();

  /// Sends "METHOD target" with Host and `more` header lines; reads the
  /// response.
  raw_response ask(const std::string& request, const std::string& more = {},
                   std::string_view body = {});

private:
  bool fill();

  std::string take(size_t bytes);

  int socket_;
  bool connected_ = false;
  bool closed_ = false;
  std::string buffer_;
};

} // namespace darkroom::test
