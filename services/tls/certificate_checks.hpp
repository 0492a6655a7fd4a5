/// What the files of nodes and those of the HTTP server are checked for. Only
/// services/tls includes this header.
#pragma once

#include "services/tls/certificate.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// @param path of the certificate, for the error
/// @param now ms since the epoch
/// @param advice what to do about one that has expired
/// @returns ec::bad_config if it is not valid now
status check_time(const X509* certificate, const std::string& path, int64_t now,
                  const char* advice);

/// @returns ec::bad_config with both paths if the key is not the certificate's
status check_key(const X509* certificate, EVP_PKEY* key,
                 const std::string& certificate_path,
                 const std::string& key_path);

/// Adds a sentence if other users can read the key: they can pose as its owner.
void warn_of_readers(const std::string& key_path,
                     std::vector<std::string>& warnings);

} // namespace darkroom
