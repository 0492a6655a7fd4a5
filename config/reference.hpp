/// The reference of all settings. It is made from the table, so that the
/// shipped file and the documentation always match the program.
#pragma once

#include <string>

namespace darkroom {

/// The shipped `config/darkroom.toml`: every setting commented out at its
/// default ("#port = 3000"), below its reason and its allowed values.
std::string reference_toml();

/// The tables of `docs/configuration.md`, one per section.
std::string reference_markdown();

} // namespace darkroom
