/// The free slots as the claim script reads them.
#pragma once

#include "messages/settlement.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// JSON {"groups": [[free slots, {name: true, …}], …], "any": whether jobs that
/// no group names may go to any slot}; a group without names takes all jobs.
/// Empty where there are no groups: any slot takes any job.
std::string slots_text(const std::vector<slot_group>& groups,
                       bool takes_unknown);

} // namespace darkroom
