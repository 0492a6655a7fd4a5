/// Where the running program lies. What is installed with it is found from
/// there, so that the whole may be copied to another place:
///
///     PREFIX/bin/darkroom
///     PREFIX/lib/darkroom/     darkroom-codec and its libraries
///     PREFIX/share/darkroom/   models, samples
#pragma once

#include <filesystem>

namespace darkroom {

/// The folder of the running program, without symbolic links.
std::filesystem::path program_folder();

/// PREFIX, if the program is in PREFIX/bin.
std::filesystem::path install_prefix();

} // namespace darkroom
