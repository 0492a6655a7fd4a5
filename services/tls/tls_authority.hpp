/// A private CA in a folder, and the certificates that it signs for nodes.
///
///   ca.crt  ca.key             the CA; keep ca.key where nodes are added
///   <node>.crt  <node>.key     one pair per node
#pragma once

#include "messages/result.hpp"
#include "services/tls/tls_files.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// What to make. Existing files are never overwritten.
struct tls_order {
  std::string folder;
  uint32_t days = 825; ///< how long a node's certificate is valid
  int64_t now = 0;     ///< ms since the epoch; validity begins then
};

/// Makes the folder (0700) and the CA in it, unless there already is one. The
/// CA's key is EC P-256; it is valid for ten years or `days`, whichever is
/// longer.
/// @returns whether the CA was made; ec::storage_failed or ec::conflict, naming
///   the file that is in the way
result<bool> make_authority(const tls_order& order);

/// Makes a certificate and key for a node (EC P-256, files 0600), signed by the
/// CA in the folder.
/// @returns their paths; ec::bad_input if the name cannot be a file name,
///   ec::conflict if the node has files already or the CA expires sooner
result<tls_files> make_node_files(const tls_order& order,
                                  const std::string& node);

} // namespace darkroom
