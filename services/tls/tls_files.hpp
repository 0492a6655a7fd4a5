/// The three files of a node's TLS: checked at start, because CAF ends the
/// process at the first connection where one is unusable.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// Paths of PEM files.
struct tls_files {
  std::string certificate; ///< the node's, maybe with those between it and `ca`
  std::string key;         ///< of the certificate, without a passphrase
  std::string ca;          ///< signs the certificates of all nodes
};

/// Those of the settings. All empty: no TLS.
tls_files tls_files_of(const cluster_settings& cluster);

/// Whether the settings ask for TLS.
bool has_tls(const cluster_settings& cluster);

/// What usable files are. Times in ms since the epoch.
struct tls_facts {
  std::string name; ///< common name of the certificate
  int64_t until = 0;
  std::string ca_name;
  int64_t ca_until = 0;
  std::vector<std::string> warnings; ///< a sentence each
};

/// Reads the files and checks that they fit: the key belongs to the
/// certificate, which is valid now, signed by the CA, and good for both ends of
/// a connection.
/// @param now ms since the epoch
/// @returns ec::bad_config: a sentence naming the file and what to do
result<tls_facts> check_tls_files(const tls_files& files, int64_t now);

/// "2026-11-24 01:00:00 UTC".
std::string utc_text(int64_t ms);

} // namespace darkroom
