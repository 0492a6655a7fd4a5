/// Writes the free slots for the claim script.
#pragma once

#include "messages/settlement.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// JSON {"groups": [[free slots, {name: true, …}], …], "any": whether jobs that
/// no group names may go to any slot}. A group without names takes all jobs.
/// The text is empty if there are no groups; then any slot takes any job.
std::string slots_text(const std::vector<slot_group>& groups,
                       bool takes_unknown);

} // namespace darkroom
