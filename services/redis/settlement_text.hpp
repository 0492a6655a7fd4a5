/// Writes a settlement for the script. The grammar is at the top of
/// services/redis/lua/lib_settle.lua.
#pragma once

#include "messages/settlement.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// Appends the six arguments of one settlement.
void append_settlement(const settlement& from, std::vector<std::string>& args);

} // namespace darkroom
