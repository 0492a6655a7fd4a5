/// A model, in memory, of the active main node's lease: the same rules as in
/// take_lease.lua and release_lease.lua.
#pragma once

#include <cstdint>
#include <string>

namespace darkroom::sim {

struct main_lease_model {
  struct answer {
    uint64_t fence = 0; ///< 0: the taker does not hold it
    std::string holder;
  };

  /// @param fence the fence that the taker held before; 0: none
  /// @param clock  ms, Redis's own
  answer take(const std::string& taker, int64_t duration, uint64_t fence,
              int64_t clock) {
    auto is_held = end > clock;
    if (is_held && holder != taker)
      return {0, holder};
    if (fence > 0 && newest > fence)
      return {0, is_held ? holder : std::string{}};
    if (fence == 0)
      ++newest;
    holder = taker;
    end = clock + duration;
    is_released = false;
    return {newest, holder};
  }

  void release(const std::string& taker, uint64_t fence, int64_t clock) {
    if (fence == newest)
      is_released = true;
    if (end <= clock || holder != taker)
      return;
    holder.clear();
    end = 0;
  }

  /// Whether scripts with this fence may run.
  bool is_valid(uint64_t fence) const {
    return fence == newest && !is_released;
  }

  std::string holder;
  int64_t end = 0;          ///< ms
  uint64_t newest = 0;      ///< fence
  bool is_released = false; ///< the newest fence
};

} // namespace darkroom::sim
