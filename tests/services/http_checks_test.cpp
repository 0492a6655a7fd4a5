#define CAF_SUITE http_checks

#include "services/http/checks.hpp"
#include "services/http/complete.hpp"
#include "services/http/http_security.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(a Host is a name or an address and perhaps a port) {
  auto host = [](std::string_view text) {
    return parse_host(text).value_or("refused");
  };
  CAF_CHECK_EQUAL(host("LocalHost:3000"), "localhost");
  CAF_CHECK_EQUAL(host("[::1]"), "[::1]");
  CAF_CHECK_EQUAL(host("[::1]:3000"), "[::1]");
  CAF_CHECK_EQUAL(host("10.0.0.1:65535"), "10.0.0.1");
  CAF_CHECK_EQUAL(host("my-host_2.example:1"), "my-host_2.example");
  for (auto bad : {"",
                   ":3000",
                   "[::1]evil",
                   "[::1",
                   "[]",
                   "[::1%eth0]",
                   "localhost:x@evil",
                   "localhost:",
                   "localhost:65536",
                   "localhost:-1",
                   "localhost:+1",
                   "localhost:1:2",
                   "user@localhost",
                   "local host",
                   "a/b",
                   "a\\b",
                   "a,b",
                   "http://localhost",
                   "::1",
                   "loc\xc3\xa4lhost"})
    CAF_CHECK_EQUAL(host(bad), "refused");
}

CAF_TEST(beyond loopback the Host is checked just the same) {
  http_settings settings;
  settings.hosts = {"Pictures.Example"};
  http_request request;
  auto is_ours = [&](const std::string& host, bool loopback) {
    request.headers["host"] = host;
    return !check_host(request, make_host_rules(settings, loopback),
                       "10.1.2.3");
  };
  for (auto loopback : {true, false}) {
    for (auto ours : {"localhost:3000", "127.0.0.1", "[::1]", "10.1.2.3:3000",
                      "pictures.example"})
      CAF_CHECK(is_ours(ours, loopback));
    for (auto foreign : {"evil.example", "10.1.2.4", "localhost.evil.example"})
      CAF_CHECK(!is_ours(foreign, loopback));
  }
}

CAF_TEST(an address that others reach needs tokens or a word of the operator) {
  http_settings settings;
  for (auto bind : {"127.0.0.1", "127.9.9.9", "::1", "localhost"}) {
    settings.bind = bind;
    CAF_CHECK(judge_http(settings) == http_security::loopback);
  }
  for (auto bind : {"0.0.0.0", "::", "10.0.0.1", "::ffff:10.0.0.1"}) {
    settings.bind = bind;
    settings.insecure = false;
    CAF_CHECK(judge_http(settings) == http_security::tokens);
    settings.insecure = true;
    CAF_CHECK(judge_http(settings) == http_security::insecure);
  }
  settings.require_token = true;
  for (auto bind : {"127.0.0.1", "0.0.0.0"}) {
    settings.bind = bind;
    CAF_CHECK(judge_http(settings) == http_security::tokens);
  }
}

CAF_TEST(gzip is taken where the client says so) {
  for (auto yes : {"gzip", "deflate, gzip;q=1.0, *;q=0.5", "GZIP", "x-gzip",
                   "br;q=1, gzip ; q=0.1"})
    CAF_CHECK(accepts_gzip(yes));
  for (auto no : {"", "identity", "gzip;q=0", "gzip;q=0.000", "br", "gzipped"})
    CAF_CHECK(!accepts_gzip(no));
}

CAF_TEST(a text that was packed can be unpacked) {
  CAF_CHECK(gzip(std::string(5000, 'x')).starts_with("\x1f\x8b"));
  CAF_CHECK_LESS(gzip(std::string(5000, 'x')).size(), 200u);
}

CAF_TEST(scripts may be workers that ask this server and nobody else) {
  auto policy = [](const char* type) {
    http_response response;
    response.content_type = type;
    add_common_headers(response);
    for (const auto& [name, value] : response.headers)
      if (name == "Content-Security-Policy")
        return value;
    return std::string{};
  };
  auto has = [](const std::string& text, const char* part) {
    return text.find(part) != text.npos;
  };
  auto script = policy("text/javascript; charset=utf-8");
  CAF_CHECK(has(script, "connect-src 'self'") && !has(script, "sandbox"));
  for (auto type : {"text/html; charset=utf-8", "text/javascript"})
    CAF_CHECK(!has(policy(type), "unsafe-inline"));
  for (auto type : {"image/svg+xml", "text/plain", "application/json"})
    CAF_CHECK(has(policy(type), "sandbox"));
}

CAF_TEST(over TLS a page of this host must have come by TLS as well) {
  http_request request;
  request.method = "POST";
  request.headers["host"] = "a.example:3000";
  auto may = [&](const std::string& origin, bool is_secure) {
    request.headers["origin"] = origin;
    request.is_secure = is_secure;
    return !check_origin(request);
  };
  CAF_CHECK(may("https://a.example:3000", true));
  CAF_CHECK(may("HTTPS://A.example:3000", true));
  CAF_CHECK(!may("http://a.example:3000", true));
  CAF_CHECK(!may("a.example:3000", true));
  CAF_CHECK(!may("https://b.example:3000", true));
  CAF_CHECK(may("http://a.example:3000", false));
  CAF_CHECK(may("https://a.example:3000", false)); // an unlisted proxy's
  CAF_CHECK(!may("null", false));
}
