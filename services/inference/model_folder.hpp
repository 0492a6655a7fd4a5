/// Where `deploy/fetch-models` puts the models that nodes load.
#pragma once

#include <string>

namespace darkroom {

/// The first folder of that name that has `file`: installed with the program,
/// beside the sources (for a program in build/<preset>), beside the program, or
/// installed in /usr. Empty if there is none.
std::string find_model_folder(const std::string& name, const std::string& file);

} // namespace darkroom
