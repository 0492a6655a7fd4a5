#include "services/log/log.hpp"

#include "services/terminal/terminal.hpp"
#include "services/text/printable.hpp"

#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace darkroom {

namespace {

/// Maximum bytes per message: enough for an error with its path and hint.
constexpr size_t max_message = 2000;

/// Messages quote names, paths and errors that strangers wrote. Whatever they
/// contain, a message stays one line of bounded length.
class one_line_formatter : public spdlog::formatter {
public:
  explicit one_line_formatter(std::unique_ptr<spdlog::formatter> line)
    : line_(std::move(line)) {}

  void format(const spdlog::details::log_msg& message,
              spdlog::memory_buf_t& out) override {
    auto text = printable({message.payload.data(), message.payload.size()},
                          max_message);
    auto shown = message;
    shown.payload = text;
    line_->format(shown, out);
    message.color_range_start = shown.color_range_start;
    message.color_range_end = shown.color_range_end;
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<one_line_formatter>(line_->clone());
  }

private:
  std::unique_ptr<spdlog::formatter> line_;
};

} // namespace

std::unique_ptr<spdlog::formatter> log_formatter() {
  return std::make_unique<one_line_formatter>(
    std::make_unique<spdlog::pattern_formatter>(
      "%Y-%m-%dT%H:%M:%S.%e %^%l%$ %v"));
}

void start_log(const std::string& level) {
  // spdlog knows terminals, but not NO_COLOR.
  auto logger = spdlog::stderr_color_mt(
    "darkroom", may_colour(STDERR_FILENO) ? spdlog::color_mode::automatic
                                          : spdlog::color_mode::never);
  logger->set_formatter(log_formatter());
  logger->set_level(spdlog::level::from_str(level));
  logger->flush_on(spdlog::level::debug);
  spdlog::set_default_logger(std::move(logger));
}

} // namespace darkroom
