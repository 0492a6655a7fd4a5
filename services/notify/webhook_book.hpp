/// The calls of the webhook that are still to be made, and those that were
/// given up, in Redis: they survive this process.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// A call that is to be made, or was given up.
struct webhook_call {
  std::string id;
  std::string body;       ///< JSON
  uint32_t attempts = 0;  ///< made so far
  int64_t since = 0;      ///< when it was noted, ms
  std::string why;        ///< of the last failure; empty if there is none
  std::string trace = {}; ///< what `read_carrier` reads; empty: none
};

/// Not thread-safe: one connection. Every call blocks. Times are ms since the
/// epoch.
class webhook_book {
public:
  webhook_book(const redis_settings& redis, const queue_settings& queue);

  /// Notes a call that is due at once. The oldest ones give way to more than
  /// 10,000.
  /// @param trace of the call
  status add(const std::string& body, int64_t now,
             const std::string& trace = {});

  /// What the producer of a job has said about its trace; empty: nothing.
  std::string trace_of(const std::string& job_id);

  /// Takes calls that are due. What is not settled within `again` is due once
  /// more, so a receiver may see a call twice: its id stays the same.
  result<std::vector<webhook_call>> take(uint32_t most, int64_t now,
                                         std::chrono::milliseconds again);

  /// The call was received.
  status settle(const webhook_call& call);

  /// The call failed, and is due again at that time.
  status put_off(const webhook_call& call, int64_t until);

  /// The call is given up: a dead letter, of which the newest 1000 are kept.
  status bury(const webhook_call& call, int64_t now);

  /// When the next call is due, ms; 0 if there is none.
  result<int64_t> next_due();

  /// How many calls are still to be made.
  result<uint64_t> waiting();

  /// The dead letters, newest first.
  result<std::vector<webhook_call>> dead();

  /// Makes the dead letters due again, with all attempts. @returns how many
  result<uint64_t> revive(int64_t now);

  /// Removes the dead letters. @returns how many
  result<uint64_t> clear();

private:
  /// The dead letters as they are kept, newest first.
  result<redis_reply> letters();

  redis_connection connection_;
  queue_keys keys_;
  std::string own_; ///< prefix
};

} // namespace darkroom
