/// Opens the port at which worker nodes find a NODE REGISTRY.
#pragma once

#include "actors/broker.hpp"
#include "actors/node_registry.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace darkroom {

/// Publishes a registry on `bind:port` through `broker`. Tries again while the
/// port is taken, and ends the registry if it stays taken.
/// @param port 0 = any; `chosen` gets the number, which a restart uses again
publisher publish_on(std::string bind, uint16_t port,
                     std::shared_ptr<std::atomic<uint16_t>> chosen,
                     broker_of broker = plain_broker);

} // namespace darkroom
