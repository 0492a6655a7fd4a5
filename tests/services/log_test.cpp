#define CAF_SUITE log

#include "services/log/log.hpp"
#include "tests/support/must.hpp"

#include <spdlog/logger.h>
#include <spdlog/sinks/ostream_sink.h>

#include <sstream>

using namespace darkroom;

namespace {

/// What the log writes for a warning with this message.
std::string logged(const std::string& message) {
  std::ostringstream out;
  auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(out);
  sink->set_formatter(log_formatter());
  spdlog::logger log{"test", sink};
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
