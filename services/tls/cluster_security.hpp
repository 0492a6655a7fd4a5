/// Decides whether the main node's port for worker nodes is safe as configured.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

namespace darkroom {

/// What protects the port.
enum class cluster_security {
  loopback, ///< only this machine reaches it
  tls,      ///< mutual TLS protects it
  insecure, ///< nothing protects it, and the operator said that this is meant
};

/// "loopback", "tls" or "insecure".
const char* to_string(cluster_security security);

/// @returns ec::bad_config if other machines reach the port, nothing protects
///   it, and the operator did not say that this is meant
result<cluster_security> judge_port(const cluster_settings& cluster);

} // namespace darkroom
