#define CAF_SUITE log

#include "services/json/json.hpp"
#include "services/log/log.hpp"
#include "tests/support/must.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

using namespace darkroom;

namespace {

/// What the log writes for a warning with this message.
std::string logged(const std::string& message,
                   const std::string& format = "text",
                   const char* logger = "test") {
  std::ostringstream out;
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(out);
  sink->set_formatter(log_formatter(format));
  spdlog::logger log{logger, sink};
  log.warn("job {} failed", message);
  return out.str();
}

size_t count(const std::string& text, char c) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), c));
}

} // namespace

CAF_TEST(an entry has its time and level and the message) {
  auto line = logged("7");
  CAF_CHECK(has(line, " warning job 7 failed\n"));
  CAF_CHECK_EQUAL(line.find('T'), 10u);
  CAF_CHECK_EQUAL(line.find('Z'), 23u); // UTC
}

CAF_TEST(a message is one line whatever it quotes) {
  auto line = logged("x\r\n2026-01-01T00:00:00.000 info all is well\x1b[2J");
  CAF_CHECK_EQUAL(count(line, '\n'), 1u);
  CAF_CHECK(has(line, "job x\\r\\n2026"));
  CAF_CHECK(has(line, "\\x1b[2J failed\n"));
  CAF_CHECK(has(logged(std::string("a\0b", 3)), "a\\x00b"));
  CAF_CHECK(has(logged("\u202egpj.exe"), "\\u{202e}gpj"));
}

CAF_TEST(a message is bounded) {
  auto line = logged(std::string(10000, 'x'));
  CAF_CHECK(has(line, "x…\n"));
  CAF_CHECK(line.size() > 2000u);
  CAF_CHECK(line.size() < 2100u);
}

CAF_TEST(JSON has one object a line whatever bytes come) {
  std::string any;
  for (int c = 0; c < 256; ++c)
    any += static_cast<char>(c);
  for (const auto& message :
       {any, std::string{R"("}, "x")"}, std::string(10000, '"'),
        std::string{"\xe2\x80\xae\xff"}}) {
    auto line = logged(message, "json");
    CAF_CHECK_EQUAL(count(line, '\n'), 1u);
    auto entry = must(parse_json(line));
    CAF_CHECK_EQUAL(entry.size(), 3u);
    CAF_CHECK_EQUAL(entry.at("level"), "warning");
    CAF_CHECK(entry.at("time").get<std::string>().ends_with("Z"));
    auto text = entry.at("message").get<std::string>();
    CAF_CHECK(text.starts_with("job "));
    CAF_CHECK(text.size() <= 2000u);
  }
}

CAF_TEST(only lines of jobs have fields) {
  auto forged = "x\x1e{\"job\":\"17\"}";
  CAF_CHECK_EQUAL(must(parse_json(logged(forged, "json"))).count("job"), 0u);
  CAF_CHECK(has(logged(forged), "x\\x1e{"));
}
