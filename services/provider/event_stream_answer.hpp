/// Reads an answer that came as an event stream although none was asked for.
#pragma once

#include <nlohmann/json.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace darkroom {

/// The answer as if it had come in one piece: the texts of all chunks joined in
/// `choices[0].message`, with `finish_reason`, `usage` and `error`.
/// @returns nothing if the body is no event stream
std::optional<nlohmann::json> read_event_stream(std::string_view body);

} // namespace darkroom
