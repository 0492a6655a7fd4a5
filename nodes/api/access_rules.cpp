#include "nodes/api/access_rules.hpp"

#include <algorithm>
#include <array>

namespace darkroom {

namespace {

/// The page itself has no secrets; probes and whoever wants to log in have no
/// token.
constexpr std::array public_routes{
  std::string_view{"/"},           std::string_view{"/assets/{file}"},
  std::string_view{"/livez"},      std::string_view{"/readyz"},
  std::string_view{"/api/login"},  std::string_view{"/api/logout"},
  std::string_view{"/api/session"}};

constexpr std::array admin_routes{std::string_view{"/api/queue/obliterate"},
                                  std::string_view{"/api/audit"}};

constexpr std::string_view chaos = "/api/chaos";

template <class List>
bool has(const List& routes, std::string_view route) {
  return std::find(routes.begin(), routes.end(), route) != routes.end();
}

} // namespace

access_role role_needed(std::string_view method, std::string_view route) {
  if (has(public_routes, route))
    return access_role::none;
  auto is_harm = route.starts_with(chaos) && method != "GET";
  if (is_harm || has(admin_routes, route))
    return access_role::admin;
  return method == "GET" ? access_role::viewer : access_role::operating;
}

bool is_audited(std::string_view method) {
  return method != "GET";
}

} // namespace darkroom
