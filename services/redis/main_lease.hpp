/// The lease in Redis that makes one of several main nodes the active one.
#pragma once

#include "config/settings.hpp"
#include "services/process/process_identity.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace darkroom {

/// Who holds a lease, or wants it.
struct lease_holder {
  std::string node;    ///< its name
  std::string url;     ///< of its HTTP API; may be empty
  std::string boot_id; ///< random, of this start
  process_identity process;
};

/// As it is stored: JSON.
std::string to_text(const lease_holder& x);

/// All members stay empty if the text is not a holder.
lease_holder parse_lease_holder(const std::string& text);

/// Who holds the lease now; all members are empty if nobody does.
result<lease_holder> find_active_main(const redis_settings& redis,
                                      const queue_settings& queue);

/// Who has the lease after a try.
struct lease_state {
  uint64_t fence = 0;  ///< rises with every holder; 0: not ours
  std::string holder;  ///< as stored; empty: nobody holds it
  int64_t left_ms = 0; ///< until it expires, unless it is renewed
  /// A process that takes it now gets it, unless another one is faster.
  bool is_free = false;
};

/// Not thread-safe: one connection, at most one call at a time. Blocks.
class main_lease {
public:
  main_lease(const redis_settings& redis, const queue_settings& queue,
             const lease_holder& self, std::chrono::milliseconds duration);

  /// Who holds it, without taking it. `fence` is 0 in any case.
  result<lease_state> look();

  /// Renews the lease if this process holds it. Takes it if nobody holds it, or
  /// if its holder has died on this machine. A former holder that comes back
  /// after another one took the lease gets fence 0.
  result<lease_state> take();

  /// Gives up the lease, so that another process need not wait until it
  /// expires.
  status release();

  /// For `queue_context::fence`: this key exists while `fence` is the newest
  /// one.
  std::string fence_key(uint64_t fence) const;

  std::chrono::milliseconds duration() const {
    return duration_;
  }

  /// Continues a lease that another object of this process took.
  void hold(uint64_t fence) {
    fence_ = fence;
  }

private:
  result<lease_state> try_take(const std::string& dead);

  redis_connection connection_;
  queue_keys keys_;
  std::string self_;
  std::chrono::milliseconds duration_;
  uint64_t fence_ = 0; ///< the one held; 0 = none so far
};

} // namespace darkroom
