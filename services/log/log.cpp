#include "services/log/log.hpp"

#include "services/terminal/terminal.hpp"
#include "services/text/printable.hpp"

#include <nlohmann/json.hpp>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace darkroom {

namespace {

/// Maximum bytes per message: enough for an error with its path and hint.
constexpr size_t max_message = 2000;

/// The logger of `log_job`. Its messages end with their fields as JSON.
constexpr auto job_logger = "job";
constexpr char fields_mark = '\x1e';

struct log_parts {
  std::string text;        ///< printable
  std::string_view fields; ///< JSON; empty if there are none
};

/// Messages quote names, paths and errors that strangers wrote. Whatever they
/// contain, a message stays one line of bounded length.
log_parts parts_of(const spdlog::details::log_msg& message) {
  std::string_view text{message.payload.data(), message.payload.size()};
  std::string_view fields;
  auto is_job = std::string_view{message.logger_name.data(),
                                 message.logger_name.size()}
                == job_logger;
  if (auto mark = text.rfind(fields_mark); is_job && mark != text.npos) {
    fields = text.substr(mark + 1);
    text = text.substr(0, mark);
  }
  return {printable(text, max_message), fields};
}

class one_line_formatter : public spdlog::formatter {
public:
  explicit one_line_formatter(std::unique_ptr<spdlog::formatter> line)
    : line_(std::move(line)) {}

  void format(const spdlog::details::log_msg& message,
              spdlog::memory_buf_t& out) override {
    auto parts = parts_of(message);
    auto shown = message;
    shown.payload = parts.text;
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

std::unique_ptr<spdlog::formatter> formatter_of(const char* pattern) {
  return std::make_unique<spdlog::pattern_formatter>(
    pattern, spdlog::pattern_time_type::utc);
}

/// {"time", "level", "message"}, and the fields of a job's line.
class json_formatter : public spdlog::formatter {
public:
  json_formatter() : time_(formatter_of("%Y-%m-%dT%H:%M:%S.%eZ%v")) {}

  void format(const spdlog::details::log_msg& message,
              spdlog::memory_buf_t& out) override {
    auto parts = parts_of(message);
    auto bare = message;
    bare.payload = {};
    spdlog::memory_buf_t time;
    time_->format(bare, time);
    nlohmann::ordered_json line;
    line["time"] = std::string{time.data(), time.size() - 1}; // without "\n"
    auto level = spdlog::level::to_string_view(message.level);
    line["level"] = std::string{level.data(), level.size()};
    line["message"] = parts.text;
    if (!parts.fields.empty())
      line.update(nlohmann::ordered_json::parse(parts.fields, nullptr, false));
    auto text = line.dump(-1, ' ', false,
                          nlohmann::ordered_json::error_handler_t::replace)
                + '\n';
    out.append(text.data(), text.data() + text.size());
  }

  std::unique_ptr<spdlog::formatter> clone() const override {
    return std::make_unique<json_formatter>();
  }

private:
  std::unique_ptr<spdlog::formatter> time_;
};

} // namespace

std::unique_ptr<spdlog::formatter> log_formatter(const std::string& format) {
  if (format == "json")
    return std::make_unique<json_formatter>();
  return std::make_unique<one_line_formatter>(
    formatter_of("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %v"));
}

void start_log(const std::string& level, const std::string& format) {
  // spdlog knows terminals, but not NO_COLOR.
  auto colour = may_colour(STDERR_FILENO) && format == "text"
                  ? spdlog::color_mode::automatic
                  : spdlog::color_mode::never;
  auto logger = spdlog::stderr_color_mt("darkroom", colour);
  auto jobs = std::make_shared<spdlog::logger>(job_logger,
                                               logger->sinks().front());
  logger->set_formatter(log_formatter(format));
  for (const auto& each : {logger, jobs}) {
    each->set_level(spdlog::level::from_str(level));
    each->flush_on(spdlog::level::debug);
  }
  spdlog::register_logger(jobs);
  spdlog::set_default_logger(std::move(logger));
}

void log_job(const job_line& line) {
  if (!spdlog::should_log(spdlog::level::debug))
    return;
  auto logger = spdlog::get(job_logger);
  if (!logger)
    return;
  nlohmann::json fields{{"job", printable(line.id)},
                        {"name", printable(line.name)},
                        {"event", line.event},
                        {"attempt", line.attempt}};
  auto text = "job " + line.id + " (" + line.name + ") " + line.event
              + ": attempt " + std::to_string(line.attempt);
  if (line.ms >= 0) {
    fields["ms"] = line.ms;
    text += ", " + std::to_string(line.ms) + " ms";
  }
  logger->debug("{}{}{}", text, fields_mark, fields.dump());
}

} // namespace darkroom
