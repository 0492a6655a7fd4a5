/// Checks settings as a whole, once, after loading.
#pragma once

#include "config/assignment.hpp"
#include "config/settings.hpp"
#include "messages/result.hpp"

namespace darkroom {

/// Checks every range, and the rules between settings.
/// @param from where the values come from, for the error; may be empty
/// @returns ec::bad_config naming origin, key, value and rule.
status validate(const settings& all, const origins& from);

/// Where a setting comes from: an origin, or "default".
std::string origin_of(const std::string& key, const origins& from);

} // namespace darkroom
