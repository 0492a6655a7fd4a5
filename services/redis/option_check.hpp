/// Finds typing mistakes in the options of a job.
#pragma once

#include "messages/result.hpp"

#include <nlohmann/json_fwd.hpp>

namespace darkroom {

/// Refuses options that nobody reads, or that BullMQ would read as something
/// else. BullMQ stores them silently; people at a shell want to know.
/// @param given a JSON object with BullMQ's names or its short ones
/// @returns ec::bad_input naming the option, what is wrong, what was meant
status check_options(const nlohmann::json& given);

} // namespace darkroom
