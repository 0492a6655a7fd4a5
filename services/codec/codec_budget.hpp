/// Shares a node's cores and memory between its codec processes: while there is
/// work for a core, no core is idle, and no more runs than there are cores.
#pragma once

#include "services/codec/codec_tally.hpp"

#include <cstdint>
#include <list>
#include <memory>
#include <mutex>

namespace darkroom {

/// What a node's codec processes may use together.
struct codec_capacity {
  uint32_t cores = 1;
  uint64_t memory_bytes = 0; ///< predicted peaks, added up; 0 = no limit
};

/// All codec clients of a node share one budget. Thread-safe.
///
/// The oldest picture comes first: a younger one gets what is left. So the
/// pictures are done in the order of their arrival, few of them are decoded at
/// once, and the last encodes of one picture run beside the first ones of the
/// next.
class codec_budget {
public:
  explicit codec_budget(codec_capacity capacity);

  class share;

  /// Of all codec processes of the node.
  const std::shared_ptr<codec_tally>& tally() const {
    return tally_;
  }

  const codec_capacity& capacity() const {
    return capacity_;
  }

private:
  void grant();

  const codec_capacity capacity_;
  const std::shared_ptr<codec_tally> tally_ = std::make_shared<codec_tally>();
  std::mutex mutex_; // guards all below, and the numbers of the shares
  std::list<share*> by_age_;
  uint32_t free_cores_;
  uint64_t used_memory_ = 0;
};

/// What one picture uses. Belongs to one thread. Gives everything back when it
/// ends.
class codec_budget::share {
public:
  /// Its age begins now.
  explicit share(std::shared_ptr<codec_budget> budget);
  ~share();
  share(const share&) = delete;
  share& operator=(const share&) = delete;

  /// Asks for memory. A picture that needs more than the whole budget gets it
  /// once nobody else has any.
  void want_memory(uint64_t bytes);
  bool has_memory() const;

  /// Asks for this many cores beside those that it has. Replaces what it asked
  /// for before and has not got.
  void want_cores(uint32_t count);

  /// The cores that it has.
  uint32_t cores() const;

  /// Gives cores back. Precondition: it has that many.
  void give_back_cores(uint32_t count);

  /// Whether another picture waits for a core.
  bool is_contended() const;

  /// Readable once something was granted; `clear()` makes it silent again.
  int ready_fd() const {
    return ready_fd_;
  }
  void clear();

private:
  friend class codec_budget;
  void tell() const;

  std::shared_ptr<codec_budget> budget_;
  int ready_fd_ = -1; // an eventfd
  uint64_t wanted_memory_ = 0;
  uint64_t memory_ = 0;
  uint32_t wanted_cores_ = 0;
  uint32_t cores_ = 0;
};

} // namespace darkroom
