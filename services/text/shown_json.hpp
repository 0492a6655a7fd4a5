/// JSON for a shell: programs read it, and a terminal may show it.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace darkroom {

/// Writes a value on one line. Characters that a terminal obeys, or that hide
/// or reverse text, are escaped (C1 controls are "\u0085"), so that the JSON
/// means the same and shows what is in it. Invalid UTF-8 becomes U+FFFD.
std::string shown_json(const nlohmann::json& value);

} // namespace darkroom
