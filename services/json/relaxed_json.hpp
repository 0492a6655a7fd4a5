/// Reads what is almost JSON: what models write.
#pragma once

#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <string_view>

namespace darkroom {

/// Parses JSON with the mistakes that language models make: comments, trailing
/// commas, unquoted keys, single quotes, line breaks in strings, needless
/// escapes, Python's True, False and None. NaN and numbers that are too large
/// become null, invalid UTF-8 and lone surrogates become U+FFFD.
/// @returns the errors of `parse_json`
result<nlohmann::json> parse_relaxed_json(std::string_view text);

/// The text as JSON proper, where only such mistakes were in the way.
std::string as_strict_json(std::string_view text);

} // namespace darkroom
