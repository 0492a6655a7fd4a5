#include "services/http/wire.hpp"

#include <boost/asio/error.hpp>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace darkroom {

namespace {

namespace net = boost::asio;

/// The first byte of a TLS connection: a record with a handshake.
constexpr unsigned char tls_record = 22;

/// The most that one TLS record has.
constexpr size_t record_bytes = 16384;

constexpr auto to_read = wire::tcp::socket::wait_read;
constexpr auto to_write = wire::tcp::socket::wait_write;

bool is_later(const wire::error_code& failed) {
  return failed == net::error::would_block || failed == net::error::try_again;
}

} // namespace

wire::wire(tcp::socket socket) : socket_(std::move(socket)) {
  error_code ignored;
  socket_.non_blocking(true, ignored);
}

bool wire::has_more() {
  error_code failed;
  return (tls_ && SSL_pending(tls_.get()) > 0)
         || (socket_.available(failed) > 0 && !failed);
}

wire::attempt wire::try_secure(const server_tls& with) {
  if (is_broken_)
    return {net::error::connection_aborted, 0, {}};
  if (!tls_) {
    unsigned char first = 0;
    auto got = ::recv(socket_.native_handle(), &first, 1, MSG_PEEK);
    if (got == 0)
      return {net::error::eof, 0, {}};
    error_code failed{got < 0 ? errno : 0, boost::system::system_category()};
    if (is_later(failed))
      return {{}, 0, to_read};
    if (failed || first != tls_record)
      return {failed, 0, {}};
    tls_ = with.accept(socket_.native_handle());
    if (!tls_)
      return {net::error::no_memory, 0, {}};
  }
  ERR_clear_error();
  return after_tls(SSL_do_handshake(tls_.get()));
}

wire::attempt wire::try_read(mutable_buffer into) {
  if (is_broken_)
    return {net::error::connection_aborted, 0, {}};
  if (into.size() == 0)
    return {};
  if (tls_) {
    ERR_clear_error();
    return after_tls(
      SSL_read(tls_.get(), into.data(), static_cast<int>(into.size())));
  }
  attempt out;
  out.moved = socket_.read_some(net::buffer(into), out.failed);
  return is_later(out.failed) ? attempt{{}, 0, to_read} : out;
}

wire::attempt wire::try_write(const pieces& from) {
  if (is_broken_)
    return {net::error::connection_aborted, 0, {}};
  if (from[0].size() == 0)
    return {};
  if (!tls_) {
    attempt out;
    out.moved = socket_.write_some(from, out.failed);
    return is_later(out.failed) ? attempt{{}, 0, to_write} : out;
  }
  // Both pieces go into one record, where they fit.
  std::array<char, record_bytes> joined; // NOLINT(*-member-init): no zeroes
  auto size = std::min(from[0].size(), joined.size());
  const void* begin = from[0].data();
  if (from[1].size() > 0 && size < joined.size()) {
    std::memcpy(joined.data(), begin, size);
    auto more = std::min(from[1].size(), joined.size() - size);
    std::memcpy(joined.data() + size, from[1].data(), more);
    begin = joined.data();
    size += more;
  }
  ERR_clear_error();
  return after_tls(SSL_write(tls_.get(), begin, static_cast<int>(size)));
}

/// @param done what OpenSSL's last function returned
wire::attempt wire::after_tls(int done) {
  auto cause = errno;
  if (done > 0)
    return {{}, static_cast<size_t>(done), {}};
  switch (SSL_get_error(tls_.get(), done)) {
    case SSL_ERROR_WANT_READ:
      return {{}, 0, to_read};
    case SSL_ERROR_WANT_WRITE:
      return {{}, 0, to_write};
    case SSL_ERROR_ZERO_RETURN:
      return {net::error::eof, 0, {}};
    case SSL_ERROR_SYSCALL:
      is_broken_ = true;
      return {error_code{cause != 0 ? cause : ECONNRESET,
                         boost::system::system_category()},
              0,
              {}};
    default:
      is_broken_ = true;
      return {net::error::connection_aborted, 0, {}};
  }
}

void wire::write_now(std::string_view text) {
  if (tls_ && SSL_is_init_finished(tls_.get()) == 0)
    return;
  (void)try_write({const_buffer{text.data(), text.size()}, {}});
}

void wire::end_sending() {
  if (tls_ && !is_broken_ && SSL_is_init_finished(tls_.get()) == 1) {
    ERR_clear_error();
    SSL_shutdown(tls_.get());
    ERR_clear_error();
  }
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

void wire::close() {
  if (!socket_.is_open())
    return;
  end_sending();
  is_broken_ = true;
  error_code ignored;
  socket_.shutdown(tcp::socket::shutdown_both, ignored);
  socket_.close(ignored);
}

} // namespace darkroom
