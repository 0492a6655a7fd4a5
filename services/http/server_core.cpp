#include "services/http/server_core.hpp"

#include "config/clock.hpp"
#include "services/http/admission.hpp"
#include "services/http/response_text.hpp"
#include "services/http/session.hpp"

namespace darkroom {

namespace {

std::string whole_text(http_response response) {
  add_common_headers(response);
  return head_text(response, response.body.size(), false) + response.body;
}

} // namespace

server_core::server_core(const http_settings& from)
  : settings(from),
    full(busy_response("too_many_connections", "all connections are taken",
                       "try again later, or raise [http] max_connections or "
                       "max_connections_per_address")),
    full_text(whole_text(full)) {
  for (auto lane : {http_lane::probe, http_lane::api, http_lane::redis,
                    http_lane::upload, http_lane::file, http_lane::search}) {
    auto count = lane == http_lane::probe ? 1u : std::max(1u, from.threads);
    lanes[static_cast<size_t>(lane)]
      = std::make_unique<lane_threads>(count, from.max_waiting);
  }
}

status server_core::prepare() {
  auto proxies = read_addresses(settings.trusted_proxies);
  if (!proxies)
    return std::move(proxies.error());
  trusted = std::move(*proxies);
  if (!has_tls(settings))
    return ok;
  auto opened = server_tls::open(server_files_of(settings), wall_clock_ms());
  if (!opened)
    return std::move(opened.error());
  tls = std::move(*opened);
  return ok;
}

std::vector<std::shared_ptr<http_session>> server_core::open_sessions() {
  std::vector<std::shared_ptr<http_session>> out;
  std::lock_guard guard{mutex};
  for (auto& [unused, session] : sessions)
    if (auto held = session.lock())
      out.push_back(std::move(held));
  return out;
}

} // namespace darkroom
