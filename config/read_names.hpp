/// Reads `[catalog.names]` of the configuration file. Includes toml++, which
/// takes seconds to compile, so only read_file.cpp includes this.
#pragma once

#include "messages/result.hpp"

#include <toml++/toml.h>

#include <map>
#include <string>

namespace darkroom {

/// The web tier's names of tables and columns.
/// @param node what the file has under `catalog.names`
/// @returns ec::bad_config with the place, the key and what is allowed.
result<std::map<std::string, std::string>> read_names(const toml::node& node,
                                                      const std::string& file);

} // namespace darkroom
