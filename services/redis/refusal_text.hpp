/// What Redis refuses, in words for operators.
#pragma once

#include <string>

namespace darkroom {

/// Redis's own refusals begin with a code ("WRONGTYPE …"), and those of scripts
/// end with a hash and a line number: they say what is wrong with the program,
/// not what to do.
/// @returns other texts as they are
std::string refusal_text(const std::string& refusal);

} // namespace darkroom
