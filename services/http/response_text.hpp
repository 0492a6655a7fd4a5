/// A response as it goes over the wire. Internal to services/http.
#pragma once

#include "services/http/message.hpp"

#include <cstdint>
#include <string>

namespace darkroom {

/// Everything up to and with the empty line.
/// @param length of the body
std::string head_text(const http_response& response, uint64_t length,
                      bool keep_alive);

/// The 503 of a server that is full. It tells when to come back.
http_response busy_response(std::string_view code, std::string_view message,
                            std::string_view hint);

} // namespace darkroom
