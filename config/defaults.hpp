/// Fixed numbers of the actors, each with its reason. Tunables are in
/// `config/settings.hpp`.
#pragma once

#include "config/settings.hpp"

#include <chrono>
#include <cstdint>

namespace darkroom {

/// Longest wait for a store's answer: connect (2 s) and command (5 s) time
/// limits of Redis, twice, because a reconnect may be in front of it.
inline constexpr std::chrono::milliseconds store_timeout{15000};

/// Longest wait for another actor that does no I/O.
inline constexpr std::chrono::milliseconds actor_timeout{2000};

/// Longest wait for the catalog: SQLite waits 5 s for another writer, a server
/// that is away is given up after at most 10 s.
inline constexpr std::chrono::milliseconds catalog_timeout{20000};

/// Pause before something that failed is tried again: short enough that a
/// returning Redis is used within a second, long enough not to spin.
inline constexpr std::chrono::milliseconds retry_interval{100};

/// How long pools of this process may take to say to a restarted dispatcher
/// what they run. They look every `pool_poll`.
inline constexpr std::chrono::milliseconds adoption_time{500};

/// How often a pool without a dispatcher looks for one.
inline constexpr std::chrono::milliseconds pool_poll{50};

/// Pause before an actor that died is asked again: its supervisor starts it
/// anew within milliseconds, and meanwhile slots may stay empty.
inline constexpr std::chrono::milliseconds restart_poll{10};

/// Settlements and claims a script call: beyond 25 nothing is gained, and one
/// call must not block Redis for long.
inline constexpr uint32_t max_batch = 100;

/// How often a standby main node looks whether the lease is free: a small part
/// of the second within which a main node that was stopped is replaced.
inline constexpr std::chrono::milliseconds standby_poll{200};

/// How often a standby whose catalog opens looks whether it still does, and the
/// longest pause where it does not: what an operator mended counts soon.
inline constexpr std::chrono::milliseconds trial_pause{5000};

/// How often the registry looks for silent nodes: far below the shortest
/// sensible node_timeout.
inline constexpr std::chrono::milliseconds registry_poll{200};

/// A healthy main node accepts a connection within milliseconds; a black hole
/// would block CAF's middleman for minutes.
inline constexpr std::chrono::milliseconds probe_timeout{1000};

/// How long a detached reader blocks before it looks at its mailbox.
inline constexpr std::chrono::milliseconds reader_block{1000};

/// Clocks that are further apart are a fault: limits and delays of jobs go by
/// them, and NTP holds a machine within some milliseconds.
inline constexpr std::chrono::milliseconds clock_gap_limit{1000};

/// After a drain's grace time: for handing back what did not finish.
inline constexpr std::chrono::milliseconds hand_back_time{3000};

/// A drain's whole time: grace, handing back, and a second to spare.
inline std::chrono::milliseconds drain_limit(const worker_settings& worker) {
  return worker.grace + hand_back_time + std::chrono::seconds{1};
}

/// Locks are renewed at a quarter of their duration, as BullMQ does.
inline std::chrono::milliseconds renew_interval(const queue_settings& queue) {
  return queue.lock_duration / 4;
}

} // namespace darkroom
