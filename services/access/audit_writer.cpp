#include "services/access/audit_writer.hpp"

#include "config/clock.hpp"
#include "services/process/guarded_thread.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
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
  if (waiting_.size() >= most_unwritten) {
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

bool audit_writer::is_stopping() const {
  std::lock_guard guard{mutex_};
  return is_stopping_;
}

std::vector<audit_entry> audit_writer::take_batch() {
  std::lock_guard guard{mutex_};
  auto end
    = waiting_.begin()
      + static_cast<ptrdiff_t>(std::min(waiting_.size(), most_per_write));
  std::vector<audit_entry> out{waiting_.begin(), end};
  waiting_.erase(waiting_.begin(), end);
  return out;
}

bool audit_writer::write_waiting() {
  for (;;) {
    auto batch = take_batch();
    if (batch.empty())
      return !is_stopping();
    auto written = book_.note(batch);
    if (written)
      continue;
    spdlog::warn("the audit log could not be written: {}",
                 written.error().context);
    std::unique_lock lock{mutex_};
    waiting_.insert(waiting_.begin(), batch.begin(), batch.end());
    changed_.wait_for(lock, try_again, [this] { return is_stopping_; });
    return !is_stopping_;
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
