/// Whether a main node's port for worker nodes is safe as it is configured.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

namespace darkroom {

/// What protects the port.
enum class cluster_security {
  loopback, ///< only this machine reaches it
  tls,      ///< mutual TLS
  insecure, ///< nothing, and the operator said so
};

/// "loopback", "tls" or "insecure".
const char* to_string(cluster_security security);

/// @returns ec::bad_config if others reach the port, nothing protects it, and
/// nobody said that this is meant
result<cluster_security> judge_port(const cluster_settings& cluster);

} // namespace darkroom
