/// A certificate with its chain and key, read and checked. Only services/tls
/// includes this header.
#pragma once

#include "services/tls/certificate.hpp"
#include "services/tls/server_files.hpp"

#include <vector>

namespace darkroom {

struct server_pair {
  std::vector<certificate_ptr> chain; ///< the server's own comes first
  key_ptr key;
  server_facts facts;
};

/// As check_server_files, with what was read.
result<server_pair> read_server_pair(const server_files& files, int64_t now);

} // namespace darkroom
