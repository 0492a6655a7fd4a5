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

/// Nothing is filled in where the text is no holder.
lease_holder parse_lease_holder(const std::string& text);

/// Who holds the lease now; nothing is filled in where nobody does.
result<lease_holder> find_active_main(const redis_settings& redis,
                                      const queue_settings& queue);

/// How things stand after a try.
struct lease_state {
  uint64_t fence = 0;  ///< rises with every holder; 0: another one holds it
  std::string holder;  ///< as stored; empty: nobody
  int64_t left_ms = 0; ///< until it runs out, unless it is renewed
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

  /// Takes the lease where nobody holds it, or a process that has died on this
  /// machine; renews it where this one does. A holder that comes back after
  /// another one gets fence 0.
  result<lease_state> take();

  /// Gives it up, so that another one need not wait for its end.
  status release();

  /// For `queue_context::fence`: this key exists while `fence` is the newest
  /// one.
  std::string fence_key(uint64_t fence) const;

  std::chrono::milliseconds duration() const {
    return duration_;
  }

  /// Goes on with a lease that another object of this process took.
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
