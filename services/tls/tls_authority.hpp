/// A private CA in a folder, and the certificates it gives to nodes.
///
///   ca.crt  ca.key             the CA; ca.key stays with whoever adds nodes
///   <node>.crt  <node>.key     one pair a node
#pragma once

#include "messages/result.hpp"
#include "services/tls/tls_files.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// What is to be made. Nothing that exists is ever overwritten.
struct tls_order {
  std::string folder;
  uint32_t days = 825; ///< how long a node's certificate is valid
  int64_t now = 0;     ///< ms since the epoch; validity begins then
};

/// Makes the folder (0700) and the CA in it (EC P-256, valid for ten years or
/// `days`, whichever is longer), unless there is one.
/// @returns whether it was made; ec::storage_failed or ec::conflict naming the
/// file that is in the way
result<bool> make_authority(const tls_order& order);

/// Makes a node's certificate and key (EC P-256, files 0600), signed by the CA
/// of the folder.
/// @returns their paths; ec::bad_input for a name that is no file name,
/// ec::conflict if there is such a node, or if the CA ends sooner
result<tls_files> make_node_files(const tls_order& order,
                                  const std::string& node);

} // namespace darkroom
