/// What this machine is called.
#pragma once

#include <string>

namespace darkroom {

/// The machine's name, as it calls itself; empty if it does not say.
std::string host_name();

} // namespace darkroom
