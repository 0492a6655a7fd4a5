/// Reads `[[variants]]` of the configuration file. Includes toml++, which takes
/// seconds to compile, so only read_file.cpp includes this.
#pragma once

#include "config/variant_recipe.hpp"
#include "messages/result.hpp"

#include <toml++/toml.h>

#include <string>
#include <vector>

namespace darkroom {

/// "darkroom.toml:3:8"
std::string position(const std::string& file, const toml::source_region& at);

/// The recipes, in the order of the file.
/// @param node what the file has under `variants`
/// @returns ec::bad_config with the place, the key and what is allowed.
result<std::vector<variant_recipe>> read_variants(const toml::node& node,
                                                  const std::string& file);

} // namespace darkroom
