#define CAF_SUITE probe

#include "config/clock.hpp"
#include "services/net/probe.hpp"
#include "tests/support/black_hole.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <netinet/in.h>

using namespace darkroom;
using std::chrono::milliseconds;

namespace {

std::string read_back(const std::string& text) {
  auto x = parse_endpoint(text);
  return x ? x->host + " " + std::to_string(x->port) : "refused";
}

/// Listens on a free port of this family's loopback; -1 if there is none.
class listener {
public:
  explicit listener(int family) : fd_(::socket(family, SOCK_STREAM, 0)) {
    sockaddr_in6 place{};
    place.sin6_family = static_cast<sa_family_t>(family);
    if (family == AF_INET)
      reinterpret_cast<sockaddr_in&>(place).sin_addr.s_addr
        = htonl(INADDR_LOOPBACK);
    else
      place.sin6_addr = in6addr_loopback;
    socklen_t size = family == AF_INET ? sizeof(sockaddr_in) : sizeof(place);
    auto* address = reinterpret_cast<sockaddr*>(&place);
    if (::bind(fd_, address, size) == 0 && ::listen(fd_, 8) == 0
        && ::getsockname(fd_, address, &size) == 0)
      port_ = ntohs(place.sin6_port);
  }
  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;
  ~listener() {
    ::close(fd_);
  }
  uint16_t port() const {
    return port_;
  }

private:
  int fd_;
  uint16_t port_ = 0; // at the same place in both kinds of address
};

} // namespace

CAF_TEST(an endpoint is a host and a port) {
  CAF_CHECK_EQUAL(read_back("10.0.0.5:7700"), "10.0.0.5 7700");
  CAF_CHECK_EQUAL(read_back("main.example:1"), "main.example 1");
  CAF_CHECK_EQUAL(read_back("main:65535"), "main 65535");
  CAF_CHECK_EQUAL(read_back("[::1]:7700"), "::1 7700");
  CAF_CHECK_EQUAL(read_back("[fe80::1]:80"), "fe80::1 80");
}

CAF_TEST(what is no endpoint is refused with an example) {
  for (auto bad : {"", ":", "main", "main:", ":7700", "main:0", "main:65536",
                   "main:-1", "main:+1", "main:77 ", "main:7x", "[]:7700",
                   "[::1:7700", "::1]:7700", "[::1]", "[::1]7700"}) {
    auto why = refused(parse_endpoint(bad));
    CAF_CHECK(why.code == ec::bad_config);
    CAF_CHECK(has(why.context, std::string{"'"} + bad + "'"));
    CAF_CHECK(has(why.context, "host:port"));
  }
}

CAF_TEST(somebody who listens is found) {
  listener v4{AF_INET};
  CAF_CHECK(probe({"127.0.0.1", v4.port()}, milliseconds{2000}));
  CAF_CHECK(probe({"localhost", v4.port()}, milliseconds{2000}));
}

CAF_TEST(somebody who listens on v6 is found or v6 is away altogether) {
  listener v6{AF_INET6};
  if (v6.port() != 0)
    CAF_CHECK(probe({"::1", v6.port()}, milliseconds{2000}));
  else
    CAF_CHECK(!probe({"::1", test::free_port()}, milliseconds{500}));
}

CAF_TEST(a port where nobody listens is told at once) {
  auto port = test::free_port();
  auto began = wall_clock_ms();
  auto why = refused(probe({"127.0.0.1", port}, milliseconds{5000}));
  CAF_CHECK(wall_clock_ms() - began < 3000);
  CAF_CHECK(why.code == ec::not_found);
  CAF_CHECK(has(why.context, "127.0.0.1:" + std::to_string(port)));
  CAF_CHECK(has(why.context, "refused"));
}

CAF_TEST(a silent port ends at the time limit) {
  test::black_hole hole;
  auto began = wall_clock_ms();
  auto why = refused(probe({"127.0.0.1", hole.port()}, milliseconds{200}));
  auto took = wall_clock_ms() - began;
  CAF_CHECK(why.code == ec::timed_out);
  CAF_CHECK(took >= 150);
  CAF_CHECK(took < 3000);
}

CAF_TEST(a name that is none is told) {
  auto why = refused(probe({"no such name", 7700}, milliseconds{200}));
  CAF_CHECK(why.code == ec::not_found);
  CAF_CHECK(has(why.context, "no such name:7700"));
}

CAF_TEST(who could listen is told so and takes nothing) {
  auto port = test::free_port();
  must(try_listen({"127.0.0.1", port}));
  must(try_listen({"127.0.0.1", port}));
  must(try_listen({"127.0.0.1", 0}));
}

CAF_TEST(a port that another one has is told) {
  listener other{AF_INET};
  auto why = refused(try_listen({"127.0.0.1", other.port()}));
  CAF_CHECK(why.code == ec::conflict);
  CAF_CHECK(has(why.context, "127.0.0.1:" + std::to_string(other.port())));
}

CAF_TEST(an address of another machine is told) {
  CAF_CHECK(refused(try_listen({"192.0.2.1", 7700})).code == ec::bad_config);
  CAF_CHECK(refused(try_listen({"no such name", 7700})).code == ec::bad_config);
}
