/// Checks the query of an event stream.
#pragma once

#include "services/http/message.hpp"

#include <optional>

namespace darkroom {

/// A 400 if a parameter or a type of event is unknown; empty if all are valid.
std::optional<http_response> refuse_stream(const http_request& request);

} // namespace darkroom
