#define CAF_SUITE read_file

#include "config/read_file.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

std::string why(const std::string& text) {
  auto parsed = read_toml(text, "x.toml");
  return parsed ? "" : parsed.error().context;
}

} // namespace

CAF_TEST(a value comes with its line and column) {
  auto parsed = read_toml("[http]\nport = 8080\n", "x.toml");
  CAF_REQUIRE(parsed);
  CAF_REQUIRE_EQUAL(parsed->assignments.size(), 1u);
  CAF_CHECK_EQUAL(parsed->assignments.front().key, "http.port");
  CAF_CHECK_EQUAL(parsed->assignments.front().text, "8080");
  CAF_CHECK_EQUAL(parsed->assignments.front().origin, "x.toml:2:8");
}

CAF_TEST(an unknown section is refused with a suggestion) {
  CAF_CHECK_EQUAL(why("\n[htp]\nport = 1\n"),
                  "x.toml:2:2: unknown section [htp]; did you mean 'http'?");
  CAF_CHECK_EQUAL(why("[nonsense]"), "x.toml:1:2: unknown section [nonsense]");
}

CAF_TEST(an unknown key is refused with a suggestion) {
  CAF_CHECK_EQUAL(
    why("[http]\nprot = 1\n"),
    "x.toml:2:1: unknown key 'prot' in [http]; did you mean 'port'?");
  CAF_CHECK_EQUAL(why("[http]\n\nwhatever = 1\n"),
                  "x.toml:3:1: unknown key 'whatever' in [http]");
}

CAF_TEST(a key outside a section is refused) {
  CAF_CHECK_EQUAL(why("port = 1\n"),
                  "x.toml:1:1: 'port' stands outside a [section]");
  CAF_CHECK_EQUAL(why("http = 1\n"),
                  "x.toml:1:1: 'http' is a section; write [http] and its keys "
                  "below");
}

CAF_TEST(a value of a wrong type is refused) {
  CAF_CHECK_EQUAL(why("[http]\nport = \"80\"\n"),
                  "x.toml:2:8: http.port must be a whole number, without "
                  "quotes, but is of type string; allowed: 0 to 65535");
  CAF_CHECK_EQUAL(why("[http]\nenabled = 1\n"),
                  "x.toml:2:11: http.enabled must be true or false, without "
                  "quotes, but is of type integer; allowed: true or false");
  CAF_CHECK_EQUAL(why("[redis]\nhost = 7\n"),
                  "x.toml:2:8: redis.host must be a string, but is of type "
                  "integer; allowed: a text that is not empty");
  CAF_CHECK_EQUAL(why("[worker]\ngrace = 1.5\n"),
                  "x.toml:2:9: worker.grace must be a duration such as "
                  "\"2s\", but is of type floating-point; allowed: 0ms to 1h");
  CAF_CHECK(why("[http]\nmax_upload_bytes = true\n").find("a size such as")
            != std::string::npos);
  CAF_CHECK(why("[queue]\nlimit = true\n").find("a rate such as")
            != std::string::npos);
  CAF_CHECK(why("[cluster]\nmain = \"a:1\"\n").find("an array of strings")
            != std::string::npos);
  CAF_CHECK(why("[cluster]\nmain = [1]\n").find("an array of strings")
            != std::string::npos);
}

CAF_TEST(malformed TOML is refused with its place) {
  auto text = why("[http]\nport = \n");
  CAF_CHECK(text.find("x.toml:2:") == 0);
  CAF_CHECK(text.find("not TOML") != std::string::npos);
  CAF_CHECK(why("[log]\nlevel = \"info\"\nlevel = \"warn\"\n").find("x.toml:3:")
            == 0);
}

CAF_TEST(every form of a value is read) {
  auto parsed = read_toml("[queue]\nlimit = 0\nlock_duration = \"30s\"\n"
                          "stalled_interval = 700\n[cluster]\n"
                          "main = [\"a:1\", \"b:2\"]\n[events]\n"
                          "publish = false\n",
                          "x.toml");
  CAF_REQUIRE(parsed);
  std::map<std::string, std::string> texts;
  for (const auto& each : parsed->assignments)
    texts[each.key] = each.text;
  CAF_CHECK_EQUAL(texts["queue.limit"], "0");
  CAF_CHECK_EQUAL(texts["queue.lock_duration"], "30s");
  CAF_CHECK_EQUAL(texts["queue.stalled_interval"], "700");
  CAF_CHECK_EQUAL(texts["cluster.main"], "a:1,b:2");
  CAF_CHECK_EQUAL(texts["events.publish"], "false");
}

CAF_TEST(a file that cannot be read is named) {
  auto parsed = read_file("no/such/file.toml");
  CAF_REQUIRE(!parsed);
  CAF_CHECK_EQUAL(parsed.error().context,
                  "cannot read the configuration file 'no/such/file.toml': No "
                  "such file or directory");
}
