/// Writes the audit log without holding up anybody.
#pragma once

#include "services/access/access_book.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

namespace darkroom {

/// Takes entries at once and writes them within a second, several in one
/// transaction. While the catalog is down, it keeps the newest 10,000. Those
/// that are not written yet are lost if the process is killed. Thread-safe.
class audit_writer {
public:
  /// @param keep entries older than this are forgotten, once per hour
  audit_writer(access_book book, std::chrono::seconds keep);
  /// Writes what is left, if the catalog is there.
  ~audit_writer();

  void note(audit_entry entry);

  /// Entries that could not be kept.
  uint64_t lost() const;

private:
  void run();
  bool is_stopping() const;
  std::vector<audit_entry> take_batch();
  /// Writes all that waits. @returns whether the thread goes on
  bool write_waiting();
  void forget_old();

  access_book book_; ///< used by the thread only
  const std::chrono::seconds keep_;
  std::chrono::steady_clock::time_point forget_at_;
  mutable std::mutex mutex_; ///< of all below
  std::condition_variable changed_;
  std::deque<audit_entry> waiting_;
  uint64_t lost_ = 0;
  bool is_stopping_ = false;
  std::thread thread_;
};

} // namespace darkroom
