/// What a TOML file says about settings.
#pragma once

#include "config/assignment.hpp"
#include "config/provider_settings.hpp"
#include "config/variant_recipe.hpp"
#include "messages/result.hpp"

#include <map>
#include <string>
#include <vector>

namespace darkroom {

/// The contents of a file.
struct file_settings {
  std::vector<assignment> assignments;
  std::vector<variant_recipe> variants; ///< empty if the file has none
  std::vector<provider_settings> vision_providers;    ///< may be empty, too
  std::vector<provider_settings> embedding_providers; ///< may be empty, too
  std::map<std::string, std::string> catalog_names;   ///< [catalog.names]
};

/// Reads a file. Its sections and keys are those of the table; durations are
/// texts (a number without a unit is refused later), sizes are texts or bytes.
/// @returns ec::bad_config, naming file:line:column: malformed TOML, unknown
/// section or key (with a suggestion), value of a wrong type.
result<file_settings> read_file(const std::string& path);

/// The same for text in memory, which the errors call `name`.
result<file_settings> read_toml(const std::string& text,
                                const std::string& name);

} // namespace darkroom
