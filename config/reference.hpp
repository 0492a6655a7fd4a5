/// The reference of all settings, made from the table, so that what is shipped
/// and what is documented cannot drift.
#pragma once

#include <string>

namespace darkroom {

/// The shipped `config/darkroom.toml`: every setting commented out at its
/// default ("#port = 3000"), each below its reason and what is allowed.
std::string reference_toml();

/// The tables of `docs/configuration.md`, one a section.
std::string reference_markdown();

} // namespace darkroom
