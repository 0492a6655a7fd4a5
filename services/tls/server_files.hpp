/// The two files of the HTTP server's TLS.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Paths of PEM files.
struct server_files {
  std::string certificate; ///< the server's, then those between it and its CA
  std::string key;         ///< belongs to the certificate; has no passphrase
};

/// The files that the settings name; both paths are empty without TLS.
server_files server_files_of(const http_settings& http);

/// Whether the settings ask for TLS.
bool has_tls(const http_settings& http);

/// Facts about usable files.
struct server_facts {
  std::string name;                  ///< common name of the certificate
  int64_t until = 0;                 ///< its end, ms since the epoch
  std::vector<std::string> warnings; ///< one sentence per entry
};

/// Reads both files and checks that the key belongs to the certificate, and
/// that the certificate is valid now and made for servers.
/// @param now ms since the epoch
/// @returns ec::bad_config with a sentence that names the file
result<server_facts> check_server_files(const server_files& files, int64_t now);

/// The server's own certificate as PEM text, without those behind it.
/// @returns ec::bad_config naming the file
result<std::string> own_certificate(const std::string& path);

} // namespace darkroom
