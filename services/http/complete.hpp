/// Completes every response with a body in memory. Internal to services/http.
#pragma once

#include "services/http/message.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// Gives JSON an ETag, answers 304 if the client already has the content, and
/// compresses the body if the client accepts gzip. May compute for a few ms.
void complete(const http_request& request, http_response& response);

/// Whether an Accept-Encoding allows gzip.
bool accepts_gzip(std::string_view accept_encoding);

/// `text` as a gzip file; empty if compression fails.
std::string gzip(std::string_view text);

} // namespace darkroom
