/// What every response with a body in memory gets. Internal to services/http.
#pragma once

#include "services/http/message.hpp"

#include <string>
#include <string_view>

namespace darkroom {

/// Gives JSON an ETag, makes a 304 of what the client holds, and compresses
/// what is left where the client reads gzip. May compute for some ms.
void complete(const http_request& request, http_response& response);

/// Whether an Accept-Encoding takes gzip.
bool accepts_gzip(std::string_view accept_encoding);

/// `text` as a gzip file; empty where it cannot be made.
std::string gzip(std::string_view text);

} // namespace darkroom
