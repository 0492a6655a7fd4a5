/// What `darkroom variants` tells: what it has written.
#pragma once

#include "nodes/commands/variant_run.hpp"
#include "services/text/text_table.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// A table of all files that were written, for people.
text_table variant_table(const std::vector<variant_picture>& pictures);

/// All pictures with their files or the reason why they were refused, as JSON.
std::string variant_json(const std::vector<variant_picture>& pictures);

} // namespace darkroom
