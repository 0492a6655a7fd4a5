#include "services/process/guarded_thread.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <exception>

namespace darkroom {

namespace {

constexpr int exit_failed = 1; // the same as when a supervisor gives up

} // namespace

std::string current_exception_text() {
  try {
    throw;
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "an unknown exception";
  }
}

void end_process(const std::string& who) noexcept {
  try {
    spdlog::critical("{} ended by an exception: {}; leaving", who,
                     current_exception_text());
    spdlog::default_logger_raw()->flush();
  } catch (...) { // probably out of memory; ending the process matters more
                  // than the log
  }
  _exit(exit_failed);
}

std::thread guarded_thread(std::string who, std::function<void()> run) {
  return std::thread{guarded(std::move(who), std::move(run))};
}

} // namespace darkroom
