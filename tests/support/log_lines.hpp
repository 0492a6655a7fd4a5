/// Collects what is logged during its life.
#pragma once

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <sstream>
#include <string>

namespace darkroom {

class log_lines {
public:
  log_lines() : before_(spdlog::default_logger()) {
    auto sink = std::make_shared<spdlog::sinks::ostream_sink_mt>(text_, true);
    spdlog::set_default_logger(std::make_shared<spdlog::logger>("test", sink));
  }

  ~log_lines() {
    spdlog::set_default_logger(before_);
  }

  log_lines(const log_lines&) = delete;

  /// How often the log contains `words`.
  size_t count(const std::string& words) const {
    auto text = text_.str();
    size_t out = 0;
    for (auto at = text.find(words); at != std::string::npos;
         at = text.find(words, at + words.size()))
      ++out;
    return out;
  }

private:
  std::shared_ptr<spdlog::logger> before_;
  std::ostringstream text_;
};

} // namespace darkroom
