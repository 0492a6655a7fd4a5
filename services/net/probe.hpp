/// Asks whether somebody listens, without waiting for long.
#pragma once

#include "messages/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace darkroom {

/// A host and a port.
struct endpoint {
  std::string host;
  uint16_t port = 0;
};

/// Reads "host:port" or "[v6]:port".
/// @returns ec::bad_config naming what is wrong
result<endpoint> parse_endpoint(const std::string& text);

/// "host:port".
std::string text_of(const endpoint& where);

/// Opens and closes a TCP connection. Blocks for at most `limit` per address of
/// the host; looking up the name may take longer.
/// @returns ec::timed_out or ec::not_found naming host, port and reason
status probe(const endpoint& where, std::chrono::milliseconds limit);

/// Whether this process could listen there now. Takes the port for a moment.
/// Always true for port 0, which stands for any free port.
/// @returns ec::conflict if another process has the port, ec::bad_config if
///   this machine does not have the address or may not use it
status try_listen(const endpoint& where);

} // namespace darkroom
