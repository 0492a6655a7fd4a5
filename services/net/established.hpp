/// Sees, from outside of a process, whether it is connected.
#pragma once

#include "services/net/probe.hpp"

namespace darkroom {

/// Whether any process of this machine, or of this container, has an open TCP
/// connection to the endpoint. Sends nothing; blocks only while it looks up the
/// name.
/// @returns ec::not_found if the host has no address, ec::internal if the
///   system does not tell its connections
result<bool> is_established(const endpoint& where);

} // namespace darkroom
