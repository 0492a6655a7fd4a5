/// Writes a response as text for the wire. Internal to services/http.
#pragma once

#include "services/http/message.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// The head of a response up to and including the empty line.
/// @param length the length of the body
std::string head_text(const http_response& response, uint64_t length,
                      bool keep_alive);

/// The 503 of a full server. It tells when to try again.
http_response busy_response(std::string_view code, std::string_view message,
                            std::string_view hint);

} // namespace darkroom
