/// Where `deploy/fetch-models` puts the models that nodes load.
#pragma once

#include <string>

namespace darkroom {

/// The first folder of that name that has `file`: beside the sources (for a
/// program in build/<preset>), beside the program, or installed. Empty if there
/// is none.
std::string find_model_folder(const std::string& name, const std::string& file);

} // namespace darkroom
