/// A raw HTTP client over TLS, which trusts any certificate.
#pragma once

#include "tests/support/http_client.hpp"

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace darkroom::test {

/// What a client offers and brings along.
struct tls_offer {
  int newest = 0;                 ///< TLS version; 0: the library's newest
  std::string protocol;           ///< one of ALPN
  SSL_SESSION* session = nullptr; ///< to resume
};

/// One connection to 127.0.0.1. Every read gives up after 5 s.
class https_client {
public:
  explicit https_client(uint16_t port, const tls_offer& offer = {});
  https_client(const https_client&) = delete;
  https_client& operator=(const https_client&) = delete;
  ~https_client();

  /// Whether the handshake was done.
  bool is_secure() const {
    return is_secure_;
  }

  bool send(std::string_view bytes);
  /// Reads until `mark` has come; everything that came if it did not.
  std::string read_to(std::string_view mark);
  raw_response read_response();
  raw_response ask(const std::string& request, const std::string& more = {},
                   std::string_view body = {});

  /// Whether the server says that nothing more comes, as TLS demands.
  bool is_ended();

  SSL* ssl() const {
    return ssl_.get();
  }

private:
  bool fill();
  std::string take(size_t bytes);

  std::shared_ptr<SSL_CTX> context_;
  std::shared_ptr<SSL> ssl_;
  int socket_;
  bool is_secure_ = false;
  std::string buffer_;
};

} // namespace darkroom::test
