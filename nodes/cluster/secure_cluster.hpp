/// Who reaches a node: checks it at start, and wires TLS between nodes.
#pragma once

#include "actors/broker.hpp"
#include "config/settings.hpp"
#include "services/net/probe.hpp"
#include "services/tls/cluster_security.hpp"

#include <vector>

namespace darkroom {

/// Checks what a main node's port is protected by; logs what is doubtful.
/// @returns ec::bad_config if it may not be opened like this, or if a file of
/// TLS is unusable
result<cluster_security> secure_main(const cluster_settings& cluster);

/// Checks who reaches the HTTP API; logs what is doubtful.
/// @returns ec::bad_config if others do, and nobody said that this is meant
status secure_http(const http_settings& http);

/// The same for a worker node that is to connect to `mains`.
status secure_worker(const cluster_settings& cluster,
                     const std::vector<endpoint>& mains);

/// Who opens connections: with TLS where the settings ask for it. Needs an
/// actor system of `actor_config`.
broker_of broker_for(const cluster_settings& cluster);

} // namespace darkroom
