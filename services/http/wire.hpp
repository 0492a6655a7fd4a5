/// The bytes of one connection, plain or by TLS. Internal to services/http.
#pragma once

#include "services/tls/server_tls.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <optional>
#include <string_view>
#include <utility>

namespace darkroom {

template <class Try>
class wire_step;

/// A stream for Asio and Beast: one read and one write may run at once, and
/// whoever waits must keep the wire alive where it is. A plain one costs no
/// more than its socket. I/O thread only.
///
/// OpenSSL works on the socket itself, which does not block, so that an idle
/// TLS connection needs no buffers: asio::ssl has 70 KB of them.
class wire {
public:
  using tcp = boost::asio::ip::tcp;
  using executor_type = tcp::socket::executor_type;
  using error_code = boost::system::error_code;
  using const_buffer = boost::asio::const_buffer;
  using mutable_buffer = boost::asio::mutable_buffer;
  template <class Token>
  using result_of =
    typename boost::asio::async_result<std::decay_t<Token>,
                                       void(error_code, size_t)>::return_type;

  explicit wire(tcp::socket socket);
  wire(wire&&) = default;

  executor_type get_executor() {
    return socket_.get_executor();
  }
  tcp::socket& socket() {
    return socket_;
  }

  /// Whether the bytes go through TLS.
  bool is_secure() const {
    return tls_ != nullptr;
  }

  /// Whether an operation waits for the other side.
  bool is_waiting() const {
    return waiting_ > 0;
  }

  /// Whether bytes have come that were not read.
  bool has_more();

  /// Does the handshake, unless the client's first byte shows that it speaks no
  /// TLS: then the wire stays plain.
  template <class Token>
  result_of<Token> async_secure(const server_tls& with, Token&& token);

  template <class Buffers, class Token>
  result_of<Token> async_read_some(const Buffers& into, Token&& token);

  template <class Buffers, class Token>
  result_of<Token> async_write_some(const Buffers& from, Token&& token);

  /// Sends what can be sent without waiting. No write may be running.
  void write_now(std::string_view text);

  /// Tells the other side that nothing more comes.
  void end_sending();

  /// Ends both directions and what waits.
  void close();

private:
  template <class Try>
  friend class wire_step;

  /// What one try did, which does not block.
  struct attempt {
    error_code failed;
    size_t moved = 0;
    std::optional<tcp::socket::wait_type> next; ///< try again after this
  };
  using pieces = std::array<const_buffer, 2>;

  attempt try_secure(const server_tls& with);
  attempt try_read(mutable_buffer into);
  attempt try_write(const pieces& from);
  attempt after_tls(int done);

  tcp::socket socket_;
  ssl_ptr tls_;            ///< null: plain
  bool is_broken_ = false; ///< closed, or TLS cannot go on
  unsigned waiting_ = 0;   ///< operations that run
};

} // namespace darkroom

#include "services/http/wire_step.hpp"
