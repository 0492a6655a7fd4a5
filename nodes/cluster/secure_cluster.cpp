#include "nodes/cluster/secure_cluster.hpp"

#include "config/clock.hpp"
#include "services/http/http_security.hpp"
#include "services/net/loopback.hpp"
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

void tell_http_security(const http_settings& http) {
  if (judge_http(http) == http_security::insecure)
    spdlog::warn("the HTTP API on {} is open to other machines: who reaches it "
                 "may read and change everything (--insecure)",
                 http.bind);
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
