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

/// Opens and closes a TCP connection. Blocks for `limit` at most for each of
/// the host's addresses, but for the name's look-up.
/// @returns ec::timed_out or ec::not_found naming host, port and reason
status probe(const endpoint& where, std::chrono::milliseconds limit);

/// Whether this process could listen there now; takes the port for a moment.
/// Port 0, any free one, always can.
/// @returns ec::conflict where somebody else has it, ec::bad_config where the
///   address is none of this machine's, or its use is refused
status try_listen(const endpoint& where);

} // namespace darkroom
