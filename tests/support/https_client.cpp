#include "tests/support/https_client.hpp"

#include <sys/time.h>

#include <algorithm>
#include <csignal>

namespace darkroom::test {

namespace {

int connect_to(uint16_t port) {
  auto socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  timeval limit{5, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  (void)::connect(socket, reinterpret_cast<sockaddr*>(&to), sizeof(to));
  return socket;
}

} // namespace

https_client::https_client(uint16_t port, const tls_offer& offer)
  : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free),
    socket_(connect_to(port)) {
  std::signal(SIGPIPE, SIG_IGN);
  if (offer.newest != 0) {
    SSL_CTX_set_min_proto_version(context_.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context_.get(), offer.newest);
    SSL_CTX_set_security_level(context_.get(), 0); // old versions need that
  }
  ssl_.reset(SSL_new(context_.get()), SSL_free);
  if (!offer.protocol.empty()) {
    auto list = static_cast<char>(offer.protocol.size()) + offer.protocol;
    SSL_set_alpn_protos(ssl(),
                        reinterpret_cast<const unsigned char*>(list.data()),
                        static_cast<unsigned>(list.size()));
  }
  if (offer.session != nullptr)
    SSL_set_session(ssl(), offer.session);
  SSL_set_fd(ssl(), socket_);
  is_secure_ = SSL_connect(ssl()) == 1;
}

https_client::~https_client() {
  ssl_.reset();
  ::close(socket_);
}

bool https_client::send(std::string_view bytes) {
  return bytes.empty()
         || SSL_write(ssl(), bytes.data(), static_cast<int>(bytes.size()))
              == static_cast<int>(bytes.size());
}

std::string https_client::read_to(std::string_view mark) {
  size_t at;
  while ((at = buffer_.find(mark)) == std::string::npos)
    if (!fill())
      return take(buffer_.size());
  return take(at + mark.size());
}

raw_response https_client::read_response() {
  raw_response out;
  out.head = read_to("\r\n\r\n");
  if (out.head.starts_with("HTTP/1.1 "))
    out.status = std::stoi(out.head.substr(9, 3));
  auto at = out.head.find("Content-Length: ");
  if (at == std::string::npos)
    return out;
  auto length = std::stoul(out.head.substr(at + 16));
  while (buffer_.size() < length)
    if (!fill())
      break;
  out.body = take(std::min<size_t>(length, buffer_.size()));
  return out;
}

raw_response https_client::ask(const std::string& request,
                               const std::string& more, std::string_view body) {
  auto head = request + " HTTP/1.1\r\nHost: localhost\r\n" + more;
  if (!body.empty())
    head += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  send(head + "\r\n");
  send(body);
  return read_response();
}

bool https_client::is_ended() {
  while (fill())
    buffer_.clear();
  return (SSL_get_shutdown(ssl()) & SSL_RECEIVED_SHUTDOWN) != 0;
}

bool https_client::fill() {
  char chunk[16384];
  auto got = SSL_read(ssl(), chunk, sizeof(chunk));
  if (got > 0)
    buffer_.append(chunk, static_cast<size_t>(got));
  return got > 0;
}

std::string https_client::take(size_t bytes) {
  auto out = buffer_.substr(0, bytes);
  buffer_.erase(0, bytes);
  return out;
}

} // namespace darkroom::test
