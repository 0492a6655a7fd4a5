#define CAF_SUITE field

#include "config/field.hpp"
#include "tests/support/test.hpp"

#include <cctype>
#include <fstream>
#include <set>

using namespace darkroom;

namespace {

/// Why `text` is refused for `key`; empty if it is taken.
std::string why(const std::string& key, const std::string& text) {
  settings all;
  auto done = write_field(**find_field(key), text, all);
  return done ? "" : done.error().context;
}

/// What `key` reads as after `text` was written.
std::string echo(const std::string& key, const std::string& text) {
  settings all;
  auto row = *find_field(key);
  auto done = write_field(*row, text, all);
  return done ? read_field(*row, all) : done.error().context;
}

/// The first identifier of `text`, which may be empty.
std::string word(const std::string& text) {
  size_t end = 0;
  while (end < text.size() && (std::isalnum(text[end]) || text[end] == '_'))
    ++end;
  return text.substr(0, end);
}

/// The members of the structs in settings.hpp, as "redis_settings.host". A
/// member's line is two spaces, a type without any, a name, and what follows.
std::set<std::string> members() {
  std::ifstream file{DARKROOM_SOURCE_DIR "/config/settings.hpp"};
  std::set<std::string> names;
  std::string line, owner;
  while (std::getline(file, line)) {
    if (line.rfind("struct ", 0) == 0)
      owner = word(line.substr(7));
    auto space = line.find(' ', 2);
    auto is_member = owner != "settings" && line.rfind("  ", 0) == 0
                     && space != std::string::npos && line[2] != '/';
    if (is_member && line.find(';') != std::string::npos)
      names.insert(owner + '.' + word(line.substr(space + 1)));
  }
  return names;
}

} // namespace

CAF_TEST(every member of the settings has a row and every row a member) {
  std::set<std::string> keys;
  for (const auto& name : members())
    keys.insert(name.substr(name.find('.') + 1));
  CAF_REQUIRE(keys.count("limit_max") == 1 && keys.count("host") == 1);
  size_t rate_members = 2; // limit_max and limit_window are one row: limit
  // imaging.variants, both lists of providers and catalog.names are tables
  // without a row.
  size_t table_members = 4;
  // Three scopes of [budget] have three bounds each: nine rows.
  size_t bound_rows = 9;
  size_t bound_members = 6;
  CAF_CHECK_EQUAL(members().size(), all_fields().size() - 1 + rate_members
                                      + table_members - bound_rows
                                      + bound_members);
  for (const auto& row : all_fields()) {
    auto bound = row.key.substr(row.key.find('_') + 1);
    CAF_CHECK(row.key == "limit" || keys.count(row.key) == 1
              || (row.section == "budget" && keys.count(bound) == 1));
  }
}

CAF_TEST(rows are complete and in the order of the sections) {
  std::set<std::string> names, variables;
  std::vector<std::string> order;
  for (const auto& row : all_fields()) {
    CAF_CHECK(row.at != nullptr);
    CAF_CHECK(!row.reason.empty());
    CAF_CHECK(names.insert(row.name()).second);
    CAF_CHECK(row.env.empty() || variables.insert(row.env).second);
    if (order.empty() || order.back() != row.section)
      order.push_back(row.section);
  }
  CAF_REQUIRE_EQUAL(order.size(), all_sections().size());
  for (size_t i = 0; i < order.size(); ++i)
    CAF_CHECK_EQUAL(order[i], all_sections()[i].name);
}

CAF_TEST(every place has the type of its row) {
  settings all;
  for (const auto& row : all_fields()) {
    auto to = row.at(all);
    auto type = row.type;
    CAF_CHECK_EQUAL(std::holds_alternative<std::string*>(to),
                    type == field_type::text);
    CAF_CHECK_EQUAL(std::holds_alternative<bool*>(to),
                    type == field_type::boolean);
    CAF_CHECK_EQUAL(std::holds_alternative<milliseconds*>(to)
                      || std::holds_alternative<std::chrono::seconds*>(to),
                    type == field_type::duration);
    CAF_CHECK_EQUAL(std::holds_alternative<std::vector<std::string>*>(to),
                    type == field_type::list);
  }
}

CAF_TEST(every default is in range and reads back as written) {
  for (const auto& row : all_fields()) {
    settings all;
    auto text = read_field(row, all);
    auto done = write_field(row, text, all);
    CAF_CHECK(done);
    CAF_CHECK_EQUAL(read_field(row, all), text);
  }
}

CAF_TEST(numbers are checked at their bounds) {
  std::string refused = " is out of range; allowed: 1 to 65535";
  CAF_CHECK_EQUAL(why("redis.port", "0"), "= \"0\"" + refused);
  CAF_CHECK_EQUAL(echo("redis.port", "1"), "1");
  CAF_CHECK_EQUAL(echo("redis.port", "65535"), "65535");
  CAF_CHECK_EQUAL(why("redis.port", "65536"), "= \"65536\"" + refused);
  CAF_CHECK_EQUAL(why("redis.port", "x"),
                  "= \"x\" is not a whole number; allowed: 1 to 65535");
  CAF_CHECK_EQUAL(
    why("worker.concurrency", "0"),
    "= \"0\" is out of range; allowed: 1 to 10000 jobs, or \"auto\"");
}

CAF_TEST(a number may be left to the node where it can choose) {
  CAF_CHECK_EQUAL(echo("worker.concurrency", "7"), "7");
  CAF_CHECK_EQUAL(echo("worker.concurrency", "auto"), "auto");
  CAF_CHECK_EQUAL(echo("worker.concurrency", "AUTO"), "auto");
  CAF_CHECK_EQUAL(echo("imaging.memory_bytes", "2GiB"), "2GiB");
  CAF_CHECK_EQUAL(echo("imaging.memory_bytes", "auto"), "auto");
  CAF_CHECK_EQUAL(why("redis.port", "auto"),
                  "= \"auto\" is not a whole number; allowed: 1 to 65535");
}

CAF_TEST(durations are checked at their bounds) {
  std::string refused = " is out of range; allowed: 100ms to 1h";
  CAF_CHECK_EQUAL(why("queue.lock_duration", "99ms"), "= \"99ms\"" + refused);
  CAF_CHECK_EQUAL(echo("queue.lock_duration", "100ms"), "100ms");
  CAF_CHECK_EQUAL(echo("queue.lock_duration", "101ms"), "101ms");
  CAF_CHECK_EQUAL(echo("queue.lock_duration", "3599999ms"), "3599999ms");
  CAF_CHECK_EQUAL(echo("queue.lock_duration", "60m"), "1h");
  CAF_CHECK_EQUAL(why("queue.lock_duration", "3600001ms"),
                  "= \"3600001ms\"" + refused);
}

CAF_TEST(a duration kept in seconds takes no fraction of one) {
  CAF_CHECK_EQUAL(echo("jobs.keep_failed", "2s"), "2s");
  CAF_CHECK(why("jobs.keep_failed", "1500ms").find("is not in whole seconds")
            != std::string::npos);
}

CAF_TEST(sizes are checked at their bounds) {
  CAF_CHECK(why("imaging.codec_memory_bytes", "268435455")
              .find("is out of range; allowed: 256MiB to 1024GiB")
            != std::string::npos);
  CAF_CHECK_EQUAL(echo("imaging.codec_memory_bytes", "268435456"), "256MiB");
  CAF_CHECK_EQUAL(echo("imaging.codec_memory_bytes", "257MiB"), "257MiB");
}

CAF_TEST(a limit is a number of starts in a window or off) {
  CAF_CHECK_EQUAL(echo("queue.limit", "0"), "off");
  CAF_CHECK_EQUAL(echo("queue.limit", "off"), "off");
  CAF_CHECK_EQUAL(echo("queue.limit", "10/60s"), "10/1m");
  CAF_CHECK_EQUAL(echo("queue.limit", "1/ms"), "1/1ms");
  CAF_CHECK_EQUAL(echo("queue.limit", "1000000/24h"), "1000000/24h");
  for (auto text : {"", "10", "/", "10/", "/60s", "x/60s", "10/x", "1/2/3"}) {
    CAF_CHECK(why("queue.limit", text).find("is not a rate")
              != std::string::npos);
    CAF_CHECK(why("queue.limit", text).find("; allowed: \"<starts>")
              != std::string::npos);
  }
  for (auto text : {"0/1s", "1000001/1s", "1/0ms", "1/86400001ms", "-1/1s"})
    CAF_CHECK(why("queue.limit", text).find("is out of range")
              != std::string::npos);
}

CAF_TEST(words are checked against the choices) {
  CAF_CHECK_EQUAL(echo("log.level", "WARN"), "warn");
  CAF_CHECK_EQUAL(why("log.level", "loud"),
                  "= \"loud\" is unknown; allowed: one of trace, debug, info, "
                  "warn, error, off");
  CAF_CHECK_EQUAL(
    why("queue.name", ""),
    "= \"\" must not be empty; allowed: a text that is not empty");
  CAF_CHECK_EQUAL(echo("redis.username", ""), "");
}

CAF_TEST(switches understand the usual words) {
  for (auto text : {"true", "1", "yes", "on", "TRUE"})
    CAF_CHECK_EQUAL(echo("worker.diagnostics", text), "true");
  for (auto text : {"false", "0", "no", "off", "False"})
    CAF_CHECK_EQUAL(echo("http.enabled", text), "false");
  CAF_CHECK_EQUAL(why("http.enabled", "maybe"),
                  "= \"maybe\" is neither true nor false; allowed: true or "
                  "false");
}

CAF_TEST(lists are separated by commas) {
  CAF_CHECK_EQUAL(echo("cluster.main", "a:1, b:2 ,,c:3"), "a:1,b:2,c:3");
  CAF_CHECK_EQUAL(echo("cluster.main", ""), "");
}

CAF_TEST(an unknown setting gets a suggestion) {
  auto row = find_field("http.prot");
  CAF_REQUIRE(!row);
  CAF_CHECK_EQUAL(row.error().context,
                  "unknown setting 'http.prot'; did you mean 'http.port'?");
  CAF_CHECK_EQUAL(environment_name(**find_field("http.port")),
                  "DARKROOM_HTTP_PORT");
}
