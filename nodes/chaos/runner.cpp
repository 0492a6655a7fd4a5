#include "nodes/chaos/runner.hpp"

#include "services/process/guarded_thread.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

namespace {

constexpr size_t most_lines = 50; // more than the page shows

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
  return begin(options.plan.seed,
               [this,
                options](const chaos_hooks& hooks) -> result<nlohmann::json> {
                 auto outcome = run_chaos(config_, options, hooks);
                 if (!outcome)
                   return std::move(outcome.error());
                 return to_json(*outcome);
               });
}

status chaos_runner::start(const main_address& main, const plan_step& step) {
  return begin(
    0, [this, main, step](const chaos_hooks& hooks) -> result<nlohmann::json> {
      auto done = act_once(config_, main, step, hooks);
      if (!done)
        return std::move(done.error());
      return nlohmann::json{};
    });
}

status chaos_runner::begin(uint64_t seed, work what) {
  std::lock_guard guard{mutex_};
  if (running_)
    return fail(ec::conflict, "a chaos run, or an action, is under way");
  if (thread_.joinable())
    thread_.join(); // it has finished its work, so this is short
  running_ = true;
  told_ = false;
  seed_ = seed;
  lines_.clear();
  outcome_ = nullptr;
  error_.clear();
  thread_ = guarded_thread("the chaos run",
                           [this, what = std::move(what)] { run(what); });
  return ok;
}

void chaos_runner::stop() {
  {
    std::lock_guard guard{mutex_};
    told_ = running_;
  }
  changed_.notify_all();
}

void chaos_runner::run(const work& what) {
  chaos_hooks hooks;
  hooks.wait = [this](std::chrono::milliseconds limit) {
    return wait(limit);
  };
  hooks.say = [this](const std::string& line) {
    note(line);
  };
  auto outcome = what(hooks);
  std::lock_guard guard{mutex_};
  if (outcome)
    outcome_ = std::move(*outcome);
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
  if (!thread_.joinable())
    return nullptr;
  auto seed = seed_ > 0 ? nlohmann::json(seed_) : nlohmann::json{};
  return {{"running", running_},
          {"seed", seed},
          {"lines", lines_},
          {"outcome", outcome_},
          {"error", error_}};
}

} // namespace darkroom
