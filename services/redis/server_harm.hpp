/// What may be done to a Redis server to see who bears it.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/process/process_identity.hpp"
#include "services/redis/connection.hpp"

#include <chrono>
#include <cstdint>

namespace darkroom {

/// Closes all connections of clients, subscribers too, but this one; replicas
/// stay. @returns how many
result<uint64_t> kill_clients(redis_connection& redis);

/// Holds back all commands that write, scripts too, for at most so long.
status pause_writes(redis_connection& redis,
                    std::chrono::milliseconds duration);

/// Ends that.
status resume_writes(redis_connection& redis);

/// The server's process, if it runs on this machine: the number that INFO
/// tells is that of a redis-server that listens on this port.
/// @returns ec::not_found saying why it is not known
result<process_identity> server_process(redis_connection& redis,
                                        const redis_settings& settings);

} // namespace darkroom
