/// What may follow the `?` of an event stream.
#pragma once

#include "services/http/message.hpp"

#include <optional>

namespace darkroom {

/// A 400 where a parameter is unknown, or names a type of events that there is
/// not; nothing where all are right.
std::optional<http_response> refuse_stream(const http_request& request);

} // namespace darkroom
