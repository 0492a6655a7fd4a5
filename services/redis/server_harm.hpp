/// Harms a Redis server, to see whether the cluster survives it.
#pragma once

#include "messages/result.hpp"
#include "services/net/probe.hpp"
#include "services/process/process_identity.hpp"
#include "services/redis/connection.hpp"

#include <chrono>
#include <cstdint>

namespace darkroom {

/// Closes all connections of clients and subscribers except this one. Replicas
/// stay connected. @returns how many were closed
result<uint64_t> kill_clients(redis_connection& redis);

/// Holds back all commands that write, also scripts, for at most `duration`.
status pause_writes(redis_connection& redis,
                    std::chrono::milliseconds duration);

/// Lets them continue.
status resume_writes(redis_connection& redis);

/// The server's process, if it runs on this machine: INFO must name the process
/// id of a redis-server that listens on this port.
/// @param where the connection leads to
/// @returns ec::not_found saying why the process is unknown
result<process_identity> server_process(redis_connection& redis,
                                        const endpoint& where);

} // namespace darkroom
