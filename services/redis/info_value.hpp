/// Reads the answer of INFO.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// The value of a line "key:value" of INFO; empty if there is none.
std::string info_value(std::string_view text, const std::string& key);

} // namespace darkroom
