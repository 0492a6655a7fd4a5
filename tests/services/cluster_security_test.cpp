#define CAF_SUITE cluster_security

#include "services/net/loopback.hpp"
#include "services/tls/cluster_security.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

cluster_settings bound_to(const std::string& host) {
  cluster_settings out;
  out.bind = host;
  return out;
}

} // namespace

CAF_TEST(only this machine reaches loopback addresses) {
  for (const char* host : {"localhost", "127.0.0.1", "127.255.255.254", "::1"})
    CAF_CHECK(is_loopback(host));
  for (const char* host :
       {"0.0.0.0", "::", "10.0.0.1", "128.0.0.1", "126.255.255.255", "::2", "",
        "example.org", "127.0.0.1.example.org"})
    CAF_CHECK(!is_loopback(host));
}

CAF_TEST(a loopback port is safe by itself) {
  CAF_CHECK(must(judge_port(bound_to("127.0.0.1")))
            == cluster_security::loopback);
  auto meant = bound_to("::1");
  meant.insecure = true;
  CAF_CHECK(must(judge_port(meant)) == cluster_security::loopback);
}

CAF_TEST(an open port without TLS is refused unless it is meant) {
  auto open = bound_to("0.0.0.0");
  auto why = refused(judge_port(open));
  CAF_CHECK(why.code == ec::bad_config);
  CAF_CHECK(has(why.context, "cluster.bind = \"0.0.0.0\""));
  CAF_CHECK(has(why.context, "--insecure"));
  open.insecure = true;
  CAF_CHECK(must(judge_port(open)) == cluster_security::insecure);
}

CAF_TEST(TLS is TLS wherever the port is) {
  for (const char* host : {"127.0.0.1", "0.0.0.0"}) {
    auto settings = bound_to(host);
    settings.tls_certificate = "n.crt";
    settings.insecure = true;
    CAF_CHECK(must(judge_port(settings)) == cluster_security::tls);
  }
}
