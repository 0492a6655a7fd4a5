/// The recipe of a picture's variants: all that decides the files' bytes
/// besides the picture and the AVIF effort.
#pragma once

#include "config/settings.hpp"
#include "services/codec/variant_plan.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// SHA-256 of the recipe as 64 hex digits: the planned files with their names,
/// boxes, formats and qualities, the strictness, and the codec's libraries. The
/// AVIF effort is left out, because a file of a higher effort may stand in for
/// one of a lower effort.
/// @param libraries versions of the codec's libraries, as the codec tells them
std::string recipe_hash(const std::vector<planned_file>& plan,
                        const imaging_settings& how,
                        const std::string& libraries);

} // namespace darkroom
