/// The client's side of TLS on a socket that does not block.
#pragma once

#include "messages/result.hpp"
#include "services/tls/ssl_ptr.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace darkroom {

/// Whom a client trusts, and who it is. Paths are those of PEM files.
struct tls_client_options {
  std::string ca;          ///< empty = the CAs that the system trusts
  std::string certificate; ///< with its chain; empty = none
  std::string key;         ///< the certificate's
  std::string name; ///< host name or address that the server's one must have
};

enum class tls_progress { done, wants_read, wants_write, ended, failed };

/// What a call did.
struct tls_step {
  tls_progress how = tls_progress::done;
  size_t bytes = 0;   ///< that were read or written
  std::string reason; ///< why it ended or failed, for people
};

/// Facts about the server.
struct tls_peer {
  std::string version;  ///< "TLSv1.3"
  std::string name;     ///< common name of its certificate
  int64_t until_ms = 0; ///< when that expires, since the epoch
};

/// When the first certificate of a PEM file expires, ms since the epoch.
result<int64_t> expiry_of(const std::string& path);

/// @returns ec::bad_config naming a file that is missing or unfit
status check_tls_client(const tls_client_options& options);

/// Not thread-safe. No call blocks. TLS 1.2 or newer; the server's certificate
/// and its name are always checked.
class tls_client {
public:
  /// Reads the files anew each time, so a renewed certificate needs no restart.
  /// @param socket connected and non-blocking; outlives this object
  /// @returns ec::bad_config naming the file and what is wrong
  static result<tls_client> make(const tls_client_options& options, int socket);

  /// Goes on with the handshake, which comes before all else.
  tls_step shake_hands();

  tls_step read(char* to, size_t most);
  tls_step write(const char* from, size_t size);

  /// Whether the other side has closed the connection.
  bool has_ended();

  /// Precondition: the handshake is done.
  tls_peer peer() const;

private:
  tls_client() = default;
  tls_step step_of(int returned, size_t bytes);

  ssl_ptr ssl_;
  /// Why the server's certificate is refused; OpenSSL's callback writes it.
  std::unique_ptr<std::string> refusal_ = std::make_unique<std::string>();
};

} // namespace darkroom
