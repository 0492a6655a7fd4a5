/// What a TOML file says about settings.
#pragma once

#include "config/assignment.hpp"
#include "messages/result.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// Reads a file. Its sections and keys are those of the table; durations are
/// texts or whole milliseconds, sizes are texts or whole bytes.
/// @returns ec::bad_config, naming file:line:column: malformed TOML, unknown
/// section or key (with a suggestion), value of a wrong type.
result<std::vector<assignment>> read_file(const std::string& path);

/// The same for text in memory, which the errors call `name`.
result<std::vector<assignment>> read_toml(const std::string& text,
                                          const std::string& name);

} // namespace darkroom
