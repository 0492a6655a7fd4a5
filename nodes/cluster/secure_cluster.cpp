#include "nodes/cluster/secure_cluster.hpp"

#include "config/clock.hpp"
#include "services/http/http_security.hpp"
#include "services/net/loopback.hpp"
#include "services/process/file_limit.hpp"
#include "services/tls/server_files.hpp"
#include "services/tls/tls_files.hpp"

#include <caf/openssl/manager.hpp>
#include <spdlog/spdlog.h>

namespace darkroom {

namespace {

status check_files(const cluster_settings& cluster) {
  if (!has_tls(cluster))
    return ok;
  auto facts = check_tls_files(tls_files_of(cluster), wall_clock_ms());
  if (!facts)
    return std::move(facts.error());
  for (const auto& text : facts->warnings)
    spdlog::warn("{}", text);
  spdlog::info("nodes speak TLS; this one is {}, valid until {}, of {}",
               facts->name, utc_text(facts->until), facts->ca_name);
  return ok;
}

/// Files of the catalog, Redis, actors and codecs.
constexpr uint64_t other_files = 200;

void check_file_limit(const http_settings& http) {
  auto limit = raise_file_limit();
  uint64_t wanted = http.max_connections + http.max_sse_clients + other_files;
  if (limit < wanted)
    spdlog::warn("this process may open {} files, and [http] max_connections "
                 "and max_sse_clients need {}: raise `ulimit -Hn` (systemd: "
                 "LimitNOFILE), or lower them",
                 limit, wanted);
}

caf::io::middleman_actor tls_broker(caf::actor_system& system) {
  return system.openssl_manager().actor_handle();
}

} // namespace

result<cluster_security> secure_main(const cluster_settings& cluster) {
  auto judged = judge_port(cluster);
  if (!judged)
    return judged;
  if (auto checked = check_files(cluster); !checked)
    return std::move(checked.error());
  if (*judged == cluster_security::insecure)
    spdlog::warn("the port for worker nodes on {} is open without TLS: who "
                 "reaches it owns this node (--insecure)",
                 cluster.bind);
  return judged;
}

status secure_http(const http_settings& http) {
  check_file_limit(http);
  if (has_tls(http)) {
    auto facts = check_server_files(server_files_of(http), wall_clock_ms());
    if (!facts)
      return std::move(facts.error());
    for (const auto& text : facts->warnings)
      spdlog::warn("{}", text);
    spdlog::info("the HTTP API speaks TLS; it is {}, valid until {}",
                 facts->name, utc_text(facts->until));
  }
  if (judge_http(http) == http_security::insecure)
    spdlog::warn("the HTTP API on {} is open to other machines: who reaches it "
                 "may read and change everything (--insecure)",
                 http.bind);
  return ok;
}

status secure_worker(const cluster_settings& cluster,
                     const std::vector<endpoint>& mains) {
  if (has_tls(cluster))
    return check_files(cluster);
  for (const auto& main : mains)
    if (!cluster.insecure && !is_loopback(main.host))
      spdlog::warn("the connection to main node {} has no TLS: anybody "
                   "in between can read and forge everything ([cluster] "
                   "tls_ca)",
                   main.host);
  return ok;
}

broker_of broker_for(const cluster_settings& cluster) {
  return has_tls(cluster) ? tls_broker : plain_broker;
}

} // namespace darkroom
