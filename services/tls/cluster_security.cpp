#include "services/tls/cluster_security.hpp"

#include "services/net/loopback.hpp"
#include "services/tls/tls_files.hpp"

namespace darkroom {

const char* to_string(cluster_security security) {
  switch (security) {
    case cluster_security::loopback:
      return "loopback";
    case cluster_security::tls:
      return "tls";
    case cluster_security::insecure:
      return "insecure";
  }
  return "unknown";
}

result<cluster_security> judge_port(const cluster_settings& cluster) {
  if (has_tls(cluster))
    return cluster_security::tls;
  if (is_loopback(cluster.bind))
    return cluster_security::loopback;
  if (cluster.insecure)
    return cluster_security::insecure;
  return fail(ec::bad_config,
              "cluster.bind = \"" + cluster.bind
                + "\" lets other machines reach the port for worker nodes, "
                  "which nothing protects without TLS: set [cluster] "
                  "tls_certificate, tls_key and tls_ca (`darkroom tls init` "
                  "makes them), or bind to 127.0.0.1, or give --insecure "
                  "where nobody else reaches that network");
}

} // namespace darkroom
