#include "nodes/chaos_runner.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

namespace {

constexpr size_t most_lines = 50; // more than a page shows

} // namespace

chaos_runner::~chaos_runner() {
  {
    std::lock_guard guard{mutex_};
    ends_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable())
    thread_.join();
}

status chaos_runner::start(const chaos_options& options) {
  std::lock_guard guard{mutex_};
  if (running_)
    return fail(ec::conflict, "a chaos run is under way already");
  if (thread_.joinable())
    thread_.join(); // it has ended but for its last breath
  running_ = true;
  told_ = false;
  seed_ = options.plan.seed;
  lines_.clear();
  outcome_ = nullptr;
  error_.clear();
  thread_ = std::thread{[this, options] {
    run(options);
  }};
  return ok;
}

void chaos_runner::stop() {
  {
    std::lock_guard guard{mutex_};
    told_ = running_;
  }
  changed_.notify_all();
}

void chaos_runner::run(chaos_options options) {
  chaos_hooks hooks;
  hooks.wait = [this](std::chrono::milliseconds limit) {
    return wait(limit);
  };
  hooks.say = [this](const std::string& line) {
    note(line);
  };
  auto outcome = run_chaos(config_, options, hooks);
  std::lock_guard guard{mutex_};
  if (outcome)
    outcome_ = to_json(*outcome);
  else
    error_ = outcome.error().context;
  running_ = false;
}

std::string chaos_runner::wait(std::chrono::milliseconds limit) {
  std::unique_lock lock{mutex_};
  changed_.wait_for(lock, limit, [this] { return told_ || ends_; });
  if (ends_)
    return "the end of the node";
  return std::exchange(told_, false) ? "the page" : "";
}

void chaos_runner::note(const std::string& line) {
  spdlog::warn("chaos: {}", line);
  std::lock_guard guard{mutex_};
  lines_.push_back(line);
  if (lines_.size() > most_lines)
    lines_.pop_front();
}

nlohmann::json chaos_runner::status_json() {
  std::lock_guard guard{mutex_};
  if (seed_ == 0)
    return nullptr;
  return {{"running", running_},
          {"seed", seed_},
          {"lines", lines_},
          {"outcome", outcome_},
          {"error", error_}};
}

} // namespace darkroom
