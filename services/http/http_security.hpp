/// Decides what protects the HTTP API, as it is configured.
#pragma once

#include "config/settings.hpp"

namespace darkroom {

/// What protects the API.
enum class http_security {
  loopback, ///< only this machine reaches it, and it may do everything
  tokens,   ///< who asks must have a token
  insecure, ///< nothing protects it, which the operator allowed
};

http_security judge_http(const http_settings& http);

} // namespace darkroom
