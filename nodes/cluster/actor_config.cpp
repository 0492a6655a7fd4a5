#include "nodes/cluster/actor_config.hpp"

#include "messages/type_ids.hpp"
#include "services/tls/tls_files.hpp"

#include <caf/io/middleman.hpp>
#include <caf/openssl/manager.hpp>

namespace darkroom {

actor_config::actor_config(const cluster_settings& cluster, bool is_networked) {
  add_message_types<caf::id_block::darkroom>();
  // There are few, busy actors. Sharing costs less CPU than stealing and does
  // not spin when idle (measured). Blocking actors are detached and do not use
  // it.
  set("scheduler.policy", caf::atom("sharing"));
  set("scheduler.max-threads", size_t{2});
  if (!is_networked)
    return;
  load<caf::io::middleman>();
  if (has_tls(cluster)) {
    load<caf::openssl::manager>();
    openssl_certificate = cluster.tls_certificate;
    openssl_key = cluster.tls_key;
    openssl_cafile = cluster.tls_ca;
  }
  // Off by default in CAF. Without heartbeats a silent peer is never noticed.
  set("middleman.heartbeat-interval", caf::timespan{cluster.heartbeat});
  set("middleman.connection-timeout", caf::timespan{cluster.node_timeout});
}

} // namespace darkroom
