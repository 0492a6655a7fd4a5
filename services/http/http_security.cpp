#include "services/http/http_security.hpp"

#include "services/net/loopback.hpp"

namespace darkroom {

result<http_security> judge_http(const http_settings& http) {
  if (is_loopback(http.bind))
    return http_security::loopback;
  if (http.insecure)
    return http_security::insecure;
  return fail(
    ec::bad_config,
    "http.bind = \"" + http.bind
      + "\" lets other machines reach the API and the page, which "
        "have no password: bind to 127.0.0.1 and put a proxy that asks "
        "for one in front of it, or use --insecure if nobody else "
        "reaches that network");
}

} // namespace darkroom
