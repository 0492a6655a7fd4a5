/// Decides whether the HTTP API is safe as configured.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

namespace darkroom {

/// What protects the API.
enum class http_security {
  loopback, ///< only this machine reaches it
  insecure, ///< nothing protects it, which the operator allowed
};

/// @returns ec::bad_config if other machines reach it and the operator did not
///   say that this is meant
result<http_security> judge_http(const http_settings& http);

} // namespace darkroom
