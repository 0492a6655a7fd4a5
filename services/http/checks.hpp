/// What is refused before any route is asked. Internal to services/http.
#pragma once

#include "config/settings.hpp"
#include "services/http/message.hpp"

#include <optional>
#include <string_view>

namespace darkroom {

/// A 421 if the Host is none of ours: a foreign name that resolves to this
/// machine (DNS rebinding). A server that is not bound to loopback and has no
/// configured names takes every Host.
std::optional<http_response> check_host(const http_request& request,
                                        const http_settings& settings,
                                        bool loopback);

/// A 403 if another site's page sends a request that changes something.
std::optional<http_response> check_origin(const http_request& request);

/// Adds what every response carries: nosniff, and a content policy that lets a
/// page load from here only and lets anything else run nothing.
void add_security_headers(http_response& response);

} // namespace darkroom
