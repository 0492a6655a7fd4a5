#include "services/access/audit_writer.hpp"

#include "config/clock.hpp"
#include "services/process/guarded_thread.hpp"

#include <spdlog/spdlog.h>

#include <utility>

namespace darkroom {

namespace {

constexpr size_t most_unwritten = 10000;
constexpr size_t most_per_write = 500;
constexpr std::chrono::milliseconds gather{100}; // so that many go in one write
constexpr std::chrono::seconds try_again{1};
constexpr std::chrono::hours forget_every{1};

} // namespace

audit_writer::audit_writer(access_book book, std::chrono::seconds keep)
  : book_(std::move(book)),
    keep_(keep),
    forget_at_(std::chrono::steady_clock::now()) {
  thread_ = guarded_thread("the audit log's thread", [this] { run(); });
}

audit_writer::~audit_writer() {
  {
    std::lock_guard guard{mutex_};
    is_stopping_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void audit_writer::note(audit_entry entry) {
  std::lock_guard guard{mutex_};
  if (waiting_.size() == most_unwritten) {
    waiting_.pop_front();
    if (lost_++ == 0)
      spdlog::error("the audit log loses entries: the catalog does not take "
                    "them");
  }
  waiting_.push_back(std::move(entry));
  changed_.notify_all();
}

uint64_t audit_writer::lost() const {
  std::lock_guard guard{mutex_};
  return lost_;
}

void audit_writer::run() {
  for (;;) {
    {
      std::unique_lock lock{mutex_};
      changed_.wait_for(lock, forget_every,
                        [this] { return is_stopping_ || !waiting_.empty(); });
      if (!is_stopping_)
        changed_.wait_for(lock, gather, [this] { return is_stopping_; });
    }
    if (!write_waiting())
      return;
    forget_old();
  }
}

bool audit_writer::write_waiting() {
  for (;;) {
    std::vector<audit_entry> batch;
    {
      std::lock_guard guard{mutex_};
      if (waiting_.empty())
        return !is_stopping_;
      auto count = std::min(waiting_.size(), most_per_write);
      batch.assign(waiting_.begin(),
                   waiting_.begin() + static_cast<ptrdiff_t>(count));
    }
    auto written = book_.note(batch);
    std::unique_lock lock{mutex_};
    if (!written) {
      spdlog::warn("the audit log could not be written: {}",
                   written.error().context);
      if (is_stopping_)
        return false;
      changed_.wait_for(lock, try_again, [this] { return is_stopping_; });
      return !is_stopping_;
    }
    // The oldest may have been dropped meanwhile, so count from the back.
    auto left = waiting_.size() - std::min(waiting_.size(), batch.size());
    while (waiting_.size() > left)
      waiting_.pop_front();
  }
}

void audit_writer::forget_old() {
  auto now = std::chrono::steady_clock::now();
  if (now < forget_at_)
    return;
  forget_at_ = now + forget_every;
  auto until = wall_clock_ms() - std::chrono::milliseconds{keep_}.count();
  if (auto done = book_.forget(until); !done)
    spdlog::debug("the audit log was not shortened: {}", done.error().context);
}

} // namespace darkroom
