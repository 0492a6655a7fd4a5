/// The three files of a node's TLS. They are checked at start because CAF ends
/// the process at the first connection if one is unusable.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Paths of PEM files.
struct tls_files {
  std::string certificate; ///< the node's, then intermediate ones if any
  std::string key;         ///< belongs to the certificate; has no passphrase
  std::string ca;          ///< signs the certificates of all nodes
};

/// The files that the settings name; all paths are empty without TLS.
tls_files tls_files_of(const cluster_settings& cluster);

/// Whether the settings ask for TLS.
bool has_tls(const cluster_settings& cluster);

/// Facts about usable files. Times are ms since the epoch.
struct tls_facts {
  std::string name; ///< common name of the certificate
  int64_t until = 0;
  std::string ca_name;
  int64_t ca_until = 0;
  std::vector<std::string> warnings; ///< one sentence per entry
};

/// Reads the files and checks that they work together: the key belongs to the
/// certificate, and the certificate is valid now, signed by the CA, and made
/// for both ends of a connection.
/// @param now ms since the epoch
/// @returns ec::bad_config with a sentence that names the file and what to do
result<tls_facts> check_tls_files(const tls_files& files, int64_t now);

/// "2026-11-24 01:00:00 UTC".
std::string utc_text(int64_t ms);

} // namespace darkroom
