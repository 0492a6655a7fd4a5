#include "nodes/api/outbox_drainer.hpp"

#include "config/clock.hpp"
#include "services/process/guarded_thread.hpp"
#include "services/redis/job_options.hpp"

#include <spdlog/spdlog.h>

#include <chrono>
#include <exception>
#include <utility>

namespace darkroom {

namespace {

using namespace std::chrono_literals;

constexpr auto pause = 500ms;               // while jobs wait for Redis
constexpr auto look_for_others_every = 30s; // for what another process left
constexpr int64_t batch = 500;              // jobs per call: some ms of Redis

/// Younger rows are left to their upload, which adds its jobs itself.
constexpr int64_t least_age_ms = 2000;

} // namespace

outbox_drainer::outbox_drainer(image_book book, const settings& config,
                               const queue_context& context,
                               upload_sweeper sweeper)
  : book_(std::move(book)),
    queue_(config.redis, config.queue, context),
    sweeper_(std::move(sweeper)),
    options_(default_job_options(config.jobs)),
    thread_(guarded_thread("the drainer of the outbox", [this] { run(); })) {}

outbox_drainer::~outbox_drainer() {
  {
    std::lock_guard guard{mutex_};
    is_stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void outbox_drainer::wake() {
  {
    std::lock_guard guard{mutex_};
    has_work_ = true;
    is_behind_ = true;
  }
  changed_.notify_all();
}

void outbox_drainer::run() {
  std::unique_lock lock{mutex_};
  while (!is_stopped_) {
    has_work_ = false; // unless somebody wakes us meanwhile
    lock.unlock();
    auto is_left = try_drain();
    lock.lock();
    has_work_ |= is_left;
    if (has_work_)
      changed_.wait_for(lock, pause, [this] { return is_stopped_; });
    else
      changed_.wait_for(lock, look_for_others_every,
                        [this] { return is_stopped_ || has_work_; });
  }
}

bool outbox_drainer::try_drain() {
  auto done = [this]() -> result<bool> {
    try {
      sweeper_.sweep_if_due(book_);
      return drain();
    } catch (const std::exception& broken) {
      return fail(ec::internal, broken.what());
    }
  }();
  auto trouble = done ? std::string{} : done.error().context;
  if (!trouble.empty() && trouble_.empty())
    spdlog::warn("jobs of uploads could not be added, and are tried again: {}",
                 trouble);
  trouble_ = trouble;
  return !done || *done;
}

result<bool> outbox_drainer::drain() {
  auto now = wall_clock_ms();
  auto waiting = book_.outbox(now - least_age_ms, batch);
  if (!waiting)
    return std::move(waiting.error());
  if (waiting->empty()) {
    auto young = book_.outbox(now, 1);
    if (!young)
      return std::move(young.error());
    if (young->empty())
      is_behind_ = false;
    return !young->empty();
  }
  size_t count = 0;
  for (auto& x : *waiting) {
    for (auto& job : x.jobs)
      job.options = options_;
    // With the time of its image, so that a later deletion makes the job void.
    auto ids = queue_.add(x.jobs, x.created_at);
    if (!ids)
      return std::move(ids.error());
    is_behind_ = false;
    if (auto done = book_.added(x.jobs); !done)
      return std::move(done.error());
    count += x.jobs.size();
  }
  spdlog::info("added {} jobs of earlier uploads", count);
  return true;
}

} // namespace darkroom
