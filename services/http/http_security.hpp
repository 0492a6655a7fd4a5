/// Whether the HTTP API is safe as it is configured.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

namespace darkroom {

/// What protects it.
enum class http_security {
  loopback, ///< only this machine reaches it
  insecure, ///< nothing, and the operator said so
};

/// @returns ec::bad_config if others reach it and nobody said that this is
/// meant
result<http_security> judge_http(const http_settings& http);

} // namespace darkroom
