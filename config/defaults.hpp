/// Fixed numbers of the actors, each with its reason. Settings are in
/// `config/settings.hpp`.
#pragma once

#include "config/settings.hpp"

#include <chrono>
#include <cstdint>

namespace darkroom {

/// Longest wait for a store's answer: twice the time limits of Redis for
/// connecting (2 s) and for a command (5 s), because a reconnect may come
/// first.
inline constexpr std::chrono::milliseconds store_timeout{15000};

/// Longest wait for another actor that does no I/O.
inline constexpr std::chrono::milliseconds actor_timeout{2000};

/// Longest wait for the catalog: SQLite waits up to 5 s for another writer, and
/// a server that is down is given up after at most 10 s.
inline constexpr std::chrono::milliseconds catalog_timeout{20000};

/// Pause before something that failed is tried again: short enough to use a
/// returning Redis within a second, long enough not to spin.
inline constexpr std::chrono::milliseconds retry_interval{100};

/// How long the pools of this process have to tell a restarted dispatcher what
/// they run. They look for it every `pool_poll`.
inline constexpr std::chrono::milliseconds adoption_time{500};

/// How often a pool without a dispatcher looks for one.
inline constexpr std::chrono::milliseconds pool_poll{50};

/// Pause before an actor that died is asked again: its supervisor restarts it
/// within milliseconds, and slots may stay empty until then.
inline constexpr std::chrono::milliseconds restart_poll{10};

/// Settlements and claims per script call: more than 25 gain nothing, and one
/// call must not block Redis for long.
inline constexpr uint32_t max_batch = 100;

/// How often a standby main node checks whether the lease is free: a small part
/// of the second within which it must replace a stopped main node.
inline constexpr std::chrono::milliseconds standby_poll{200};

/// How often a standby checks that its catalog still opens. Also the longest
/// pause between tries if it does not open, so that an operator's fix soon
/// counts.
inline constexpr std::chrono::milliseconds trial_pause{5000};

/// How often the registry looks for silent nodes: far less than the shortest
/// sensible node_timeout.
inline constexpr std::chrono::milliseconds registry_poll{200};

/// Longest wait for a main node to accept a connection. A healthy one does so
/// within milliseconds; an address that drops packets would block CAF's
/// middleman for minutes.
inline constexpr std::chrono::milliseconds probe_timeout{1000};

/// How long a detached reader blocks before it looks at its mailbox.
inline constexpr std::chrono::milliseconds reader_block{1000};

/// Clocks that differ by more are a fault: limits and delays of jobs depend on
/// them, and NTP keeps a machine within a few milliseconds.
inline constexpr std::chrono::milliseconds clock_gap_limit{1000};

/// Time after a drain's grace time to hand back unfinished jobs.
inline constexpr std::chrono::milliseconds hand_back_time{3000};

/// A drain's whole time: grace, handing back, and a second to spare.
inline std::chrono::milliseconds drain_limit(const worker_settings& worker) {
  return worker.grace + hand_back_time + std::chrono::seconds{1};
}

/// Locks are renewed after a quarter of their duration, like in BullMQ.
inline std::chrono::milliseconds renew_interval(const queue_settings& queue) {
  return queue.lock_duration / 4;
}

} // namespace darkroom
