/// Turns refusals of Redis into words for operators.
#pragma once

#include <string>

namespace darkroom {

/// Redis's own refusals begin with a code ("WRONGTYPE …"), and refusals by
/// scripts end with a hash and a line number. They say what is wrong with the
/// program, but not what to do.
/// @returns any other text unchanged
std::string refusal_text(const std::string& refusal);

/// If an ACL forbids the user a command, key or channel (NOPERM), appends the
/// rule that Darkroom needs. @returns any other text unchanged
std::string with_acl_hint(const std::string& refusal);

} // namespace darkroom
