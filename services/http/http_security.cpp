#include "services/http/http_security.hpp"

#include "services/net/loopback.hpp"

namespace darkroom {

http_security judge_http(const http_settings& http) {
  if (http.require_token)
    return http_security::tokens;
  if (is_loopback(http.bind))
    return http_security::loopback;
  return http.insecure ? http_security::insecure : http_security::tokens;
}

} // namespace darkroom
