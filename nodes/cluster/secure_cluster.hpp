/// Checks at start who can reach a node, and wires TLS between nodes.
#pragma once

#include "actors/broker.hpp"
#include "config/settings.hpp"
#include "services/net/probe.hpp"
#include "services/tls/cluster_security.hpp"

#include <vector>

namespace darkroom {

/// Checks how a main node's port is protected, and logs what is doubtful.
/// @returns ec::bad_config if the port must not be opened like this, or if a
/// TLS file is unusable
result<cluster_security> secure_main(const cluster_settings& cluster);

/// Checks the files of the HTTP server's TLS, and logs what is doubtful, as
/// that everybody can use the API.
/// @returns ec::bad_config if a TLS file is unusable
status secure_http(const http_settings& http);

/// Checks the same for a worker node that will connect to `mains`.
status secure_worker(const cluster_settings& cluster,
                     const std::vector<endpoint>& mains);

/// Opens connections, with TLS if the settings ask for it. Needs an actor
/// system made with `actor_config`.
broker_of broker_for(const cluster_settings& cluster);

} // namespace darkroom
