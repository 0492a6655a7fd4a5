/// Reads [[vision.providers]] and [[embedding.providers]] of the configuration
/// file. Includes toml++, which takes seconds to compile, so only read_file.cpp
/// includes this.
#pragma once

#include "config/provider_settings.hpp"
#include "messages/result.hpp"

#include <toml++/toml.h>

#include <string>
#include <vector>

namespace darkroom {

/// The providers, in the order of the file.
/// @param section "vision" or "embedding"
/// @param node what the file has under `providers` of that section
/// @returns ec::bad_config with the place, the key and what is allowed
result<std::vector<provider_settings>>
read_providers(const std::string& section, const toml::node& node,
               const std::string& file);

} // namespace darkroom
