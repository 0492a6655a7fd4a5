/// Whether options of a job say what their writer meant.
#pragma once

#include "messages/result.hpp"

#include <nlohmann/json_fwd.hpp>

namespace darkroom {

/// Options that nobody reads, or that are read as something else, are a typing
/// mistake. BullMQ stores them; people at a shell want to know.
/// @param given a JSON object with BullMQ's names or its short ones
/// @returns ec::bad_input naming the option, what is wrong, what was meant
status check_options(const nlohmann::json& given);

} // namespace darkroom
