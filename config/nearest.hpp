/// Finds the name that a mistyped one was probably meant to be.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// The candidate with the fewest edits (insert, delete, replace, swap of
/// neighbours) from `name`; empty if all need more edits than a third of its
/// length, or than two if that is more.
std::string nearest(std::string_view name,
                    const std::vector<std::string>& candidates);

/// "; did you mean 'port'?", or nothing if no candidate is near.
std::string suggestion(std::string_view name,
                       const std::vector<std::string>& candidates);

} // namespace darkroom
