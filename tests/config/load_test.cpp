#define CAF_SUITE load

#include "config/load.hpp"
#include "tests/support/test.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace darkroom;

namespace {

/// Why the argument of --set is refused.
std::string why_set(const char* argument) {
  auto flag = parse_set_flag(argument);
  return flag ? "" : flag.error().context;
}

struct fixture {
  fixture() {
    auto pattern = std::filesystem::temp_directory_path() / "load-XXXXXX";
    auto name = pattern.string();
    CAF_REQUIRE(::mkdtemp(name.data()) != nullptr);
    folder = name;
    request.search = {(folder / "darkroom.toml").string()};
  }

  ~fixture() {
    std::filesystem::remove_all(folder);
  }

  /// Writes a file of the folder and returns its path.
  std::string write(const std::string& name, const std::string& text) {
    auto path = (folder / name).string();
    std::ofstream{path} << text;
    return path;
  }

  /// The error of loading, with the folder's name left out.
  std::string why() {
    auto loaded = load_settings(request);
    if (loaded)
      return "";
    auto text = loaded.error().context;
    auto prefix = folder.string() + '/';
    for (size_t i; (i = text.find(prefix)) != std::string::npos;)
      text.erase(i, prefix.size());
    CAF_CHECK(loaded.error().code == ec::bad_config);
    return text;
  }

  uint16_t port() {
    auto loaded = load_settings(request);
    CAF_REQUIRE(loaded);
    from = loaded->from["http.port"];
    return loaded->values.http.port;
  }

  std::filesystem::path folder;
  load_request request;
  std::string from; ///< origin of the port that `port` returned
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(load_tests, fixture)

CAF_TEST(a flag beats the environment beats the file beats the default) {
  CAF_CHECK_EQUAL(port(), 3000u);
  CAF_CHECK_EQUAL(from, "");
  request.defaults = {{"http.port", "1", "default of darkroom dev"}};
  CAF_CHECK_EQUAL(port(), 1u);
  auto path = write("darkroom.toml", "[http]\nport = 2\n");
  CAF_CHECK_EQUAL(port(), 2u);
  CAF_CHECK_EQUAL(from, path + ":2:8");
  request.variables["PORT"] = "3";
  CAF_CHECK_EQUAL(port(), 3u);
  request.variables["DARKROOM_HTTP_PORT"] = "4";
  CAF_CHECK_EQUAL(port(), 4u);
  CAF_CHECK_EQUAL(from, "environment variable DARKROOM_HTTP_PORT");
  request.flags = {{"http.port", "5", "flag --port"}};
  CAF_CHECK_EQUAL(port(), 5u);
  CAF_CHECK_EQUAL(from, "flag --port");
  request.flags.push_back({"http.port", "6", "flag --set"});
  CAF_CHECK_EQUAL(port(), 6u);
}

CAF_TEST(the file named by a flag beats the others) {
  write("darkroom.toml", "[http]\nport = 2\n");
  CAF_CHECK_EQUAL(port(), 2u);
  request.variables["DARKROOM_CONFIG"] = write("b.toml", "[http]\nport = 7\n");
  CAF_CHECK_EQUAL(port(), 7u);
  request.config_path = write("c.toml", "[http]\nport = 8\n");
  CAF_CHECK_EQUAL(port(), 8u);
}

CAF_TEST(a file that was asked for must exist) {
  request.config_path = "gone.toml";
  CAF_CHECK(why().find("flag --config: there is no file 'gone.toml'") == 0);
  request.config_path.reset();
  request.variables["DARKROOM_CONFIG"] = folder.string();
  CAF_CHECK(why().find("environment variable DARKROOM_CONFIG: there is no file")
            == 0);
}

CAF_TEST(a bad value is named with its origin) {
  write("darkroom.toml", "[http]\nport = 65536\n");
  CAF_CHECK_EQUAL(why(), "darkroom.toml:2:8: http.port = \"65536\" is out of "
                         "range; allowed: 0 to 65535");
  write("darkroom.toml", "");
  request.variables["PORT"] = "many";
  CAF_CHECK_EQUAL(why(), "environment variable PORT: http.port = \"many\" is "
                         "not a whole number; allowed: 0 to 65535");
  request.variables.clear();
  request.flags = {{"http.port", "-1", "flag --port"}};
  CAF_CHECK_EQUAL(why(), "flag --port: http.port = \"-1\" is out of range; "
                         "allowed: 0 to 65535");
  request.flags = {{"http.prot", "1", "flag --port"}};
  CAF_CHECK_EQUAL(why(), "flag --port: unknown setting 'http.prot'; did you "
                         "mean 'http.port'?");
}

CAF_TEST(rules between settings name both culprits) {
  write("darkroom.toml", "[cluster]\nheartbeat = \"1s\"\n");
  request.flags = {{"cluster.node_timeout", "2s", "flag --set"}};
  CAF_CHECK_EQUAL(why(),
                  "flag --set: cluster.node_timeout = \"2s\" must be more than "
                  "twice cluster.heartbeat = \"1s\" (darkroom.toml:2:13)");
  request.flags = {{"cluster.node_timeout", "2001ms", "flag --set"}};
  CAF_CHECK_EQUAL(why(), "");
  request.flags = {{"cluster.reconnect_max", "99ms", "flag --set"}};
  CAF_CHECK_EQUAL(why(),
                  "flag --set: cluster.reconnect_max = \"99ms\" must not be "
                  "less than cluster.reconnect_min = \"100ms\" (default)");
  request.flags = {{"http.port", "7700", "flag --port"}};
  CAF_CHECK_EQUAL(why(), "flag --port: http.port = \"7700\" must differ from "
                         "cluster.port = \"7700\" (default)");
}

CAF_TEST(rules of one setting name it) {
  request.flags = {{"queue.name", "a:b", "flag --queue"}};
  CAF_CHECK_EQUAL(why(), "flag --queue: queue.name = \"a:b\" must not contain "
                         "':', which separates the parts of BullMQ's keys");
  for (auto entry : {"main", "main:", ":1", "main:0", "main:65536"}) {
    request.flags = {{"cluster.main", entry, "flag --main"}};
    CAF_CHECK_EQUAL(why(), std::string{"flag --main: cluster.main = \""} + entry
                             + "\" must be \"host:port\" entries");
  }
  request.flags = {{"vision.base_url", "api", "flag --set"}};
  CAF_CHECK_EQUAL(why(), "flag --set: vision.base_url = \"api\" must begin "
                         "with http:// or https://");
  request.flags = {{"notify.webhook", "ftp://token", "flag --set"}};
  CAF_CHECK_EQUAL(why(), "flag --set: notify.webhook = \"****\" must begin "
                         "with http:// or https://");
  for (std::string key : {"vision.redescribe_every", "fsck.every"}) {
    request.flags = {{key, "999ms", "flag --set"}};
    CAF_CHECK_EQUAL(why(), "flag --set: " + key
                             + " = \"999ms\" must be 0 or at least 1s");
    for (const auto* good : {"0ms", "1s"}) {
      request.flags = {{key, good, "flag --set"}};
      CAF_CHECK_EQUAL(why(), "");
    }
  }
}

CAF_TEST(secrets are masked wherever settings are shown) {
  request.variables = {{"REDIS_PASSWORD", "pw"}, {"OPENAI_API_KEY", "sk-1"}};
  auto loaded = load_settings(request);
  CAF_REQUIRE(loaded);
  CAF_CHECK_EQUAL(loaded->values.redis.password, "pw");
  std::map<std::string, setting_line> lines;
  for (const auto& line : describe(*loaded))
    lines[line.key] = line;
  CAF_CHECK_EQUAL(lines["redis.password"].text, "****");
  CAF_CHECK_EQUAL(lines["redis.password"].origin,
                  "environment variable REDIS_PASSWORD");
  CAF_CHECK_EQUAL(lines["vision.api_key"].text, "****");
  CAF_CHECK_EQUAL(lines["embedding.api_key"].text, "****");
  CAF_CHECK_EQUAL(lines["notify.webhook"].text, "");
  CAF_CHECK_EQUAL(lines["queue.limit"].text, "10/1m");
  CAF_CHECK_EQUAL(lines["queue.limit"].origin, "default");
}

CAF_TEST(a URL is shown without its password) {
  request.variables = {{"DATABASE_URL", "postgres://me:word@db/darkroom"}};
  auto loaded = load_settings(request);
  CAF_REQUIRE(loaded);
  CAF_CHECK_EQUAL(loaded->values.catalog.database,
                  "postgres://me:word@db/darkroom");
  for (const auto& line : describe(*loaded))
    if (line.key == "catalog.database") {
      CAF_CHECK_EQUAL(line.text, "postgres://me:****@db/darkroom");
      CAF_CHECK_EQUAL(line.origin, "environment variable DATABASE_URL");
    }
  request.variables = {{"DATABASE_URL", "mysql://me:word@db/darkroom"}};
  CAF_CHECK_EQUAL(why(),
                  "environment variable DATABASE_URL: catalog.database = "
                  "\"mysql://me:****@db/darkroom\" is neither the path of a "
                  "SQLite file nor a URL that begins with postgres:// or "
                  "postgresql://");
}

CAF_TEST(a set flag is split at the first equals sign) {
  auto flag = parse_set_flag("redis.password=a=b");
  CAF_REQUIRE(flag);
  CAF_CHECK_EQUAL(flag->key, "redis.password");
  CAF_CHECK_EQUAL(flag->text, "a=b");
  CAF_CHECK_EQUAL(why_set("http.port"),
                  "flag --set: 'http.port' has no '='; the form is --set "
                  "http.port=value");
  CAF_CHECK_EQUAL(why_set("http.prot=1"),
                  "flag --set: unknown setting 'http.prot'; did you mean "
                  "'http.port'? (the form is --set section.key=value)");
}

CAF_TEST(the three files of TLS are given together or not at all) {
  request.flags = {{"cluster.tls_certificate", "n.crt", "flag --set"},
                   {"cluster.tls_key", "n.key", "flag --set"}};
  CAF_CHECK_EQUAL(why(),
                  "flag --set: cluster.tls_certificate = \"n.crt\" needs the "
                  "other two as well: cluster.tls_certificate, cluster.tls_key "
                  "and cluster.tls_ca are set together or not at all");
  request.flags.push_back({"cluster.tls_ca", "ca.crt", "flag --set"});
  CAF_CHECK(load_settings(request));
}

CAF_TEST(what belongs to TLS and Sentinels of Redis is complete) {
  request.flags = {{"redis.tls_ca", "ca.crt", "flag --set"}};
  CAF_CHECK_EQUAL(why(), "default: redis.tls = \"false\" must be true where "
                         "redis.tls_ca, tls_certificate or tls_name is set");
  request.flags.push_back({"redis.tls", "true", "flag --set"});
  CAF_CHECK(load_settings(request));
  request.flags.push_back({"redis.tls_certificate", "a.crt", "flag --set"});
  CAF_CHECK_EQUAL(why(), "flag --set: redis.tls_certificate = \"a.crt\" must "
                         "be set together with redis.tls_key = \"\" "
                         "(default)");
  request.flags = {{"redis.sentinels", "a:26379,b", "flag --set"}};
  CAF_CHECK_EQUAL(why(), "flag --set: redis.sentinels = \"a:26379,b\" must be "
                         "\"host:port\" entries, such as \"10.0.0.5:26379\"");
}

CAF_TEST(the certificate of HTTP and its key are given together or not at all) {
  request.flags = {{"http.tls_key", "n.key", "flag --set"}};
  CAF_CHECK_EQUAL(why(), "flag --set: http.tls_key = \"n.key\" needs "
                         "http.tls_certificate as well");
  request.flags = {{"http.tls_certificate", "n.crt", "flag --set"}};
  CAF_CHECK_EQUAL(why(), "flag --set: http.tls_certificate = \"n.crt\" needs "
                         "http.tls_key as well");
  request.flags.push_back({"http.tls_key", "n.key", "flag --set"});
  CAF_CHECK(load_settings(request));
}

CAF_TEST(the limit reaches both of its members) {
  request.flags = {{"queue.limit", "7/2s", "flag --limit"}};
  auto loaded = load_settings(request);
  CAF_REQUIRE(loaded);
  CAF_CHECK_EQUAL(loaded->values.queue.limit_max, 7u);
  CAF_CHECK_EQUAL(loaded->values.queue.limit_window.count(), 2000);
}

CAF_TEST_FIXTURE_SCOPE_END()
