/// Finds what a mistyped name was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// The candidate with the fewest edits (insert, delete, replace, swap of
/// neighbours) from `name`; empty if all need more than a third of its length,
/// and always at least two edits are allowed.
std::string nearest(std::string_view name,
                    const std::vector<std::string>& candidates);

/// "; did you mean 'port'?", or nothing if no candidate is near.
std::string suggestion(std::string_view name,
                       const std::vector<std::string>& candidates);

} // namespace darkroom
