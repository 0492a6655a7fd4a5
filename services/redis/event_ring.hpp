/// The newest events of a channel, in Redis: what a browser that comes back may
/// have missed, also if the main node died meanwhile.
#pragma once

#include "config/settings.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace darkroom {

/// One event of a ring.
struct kept_event {
  uint64_t number = 0;     ///< from 1 on, without holes
  int64_t at = 0;          ///< ms, when it was kept
  std::string text;        ///< as it was published
  bool is_foreign = false; ///< another program published it
};

/// What a ring has after the place of its reader.
struct ring_news {
  std::vector<kept_event> events; ///< in their order; numbers may have holes
  bool has_more = false;          ///< the next read will not be in vain
  /// Redis lost what the reader had seen (it was flushed, or came back without
  /// its last writes). The next read goes on with what is newer.
  bool is_other = false;
};

/// Not thread-safe: one connection. The ring is written with the publishing, in
/// one script, by whoever publishes; any number of processes may write and read
/// it. See lua/lib_ring.lua.
class event_ring {
public:
  /// Texts per call of `publish` and `record`.
  static constexpr size_t most_texts = 500;

  /// @param length how many events it keeps at least
  event_ring(const redis_settings& redis, std::string channel, uint32_t length);

  /// Publishes up to `most_texts` events, and keeps them. After
  /// ec::redis_unavailable nobody knows whether it was done: call it again with
  /// the same texts, or `give_up`, and it is done at most once.
  /// @returns ec::redis_refused if Redis may not write, and nothing is done
  status publish(const std::vector<std::string>& texts, int64_t now);

  /// The texts of the last call of `publish`, which failed, will not be sent
  /// again.
  void give_up() {
    ++call_;
  }

  /// Keeps up to `most_texts` events that another program published, unless
  /// another listener has done so.
  /// @param listener a name that no other listener has
  status record(const std::vector<std::string>& texts, int64_t now,
                const std::string& listener);

  /// The number of the newest event; 0 if there was none.
  result<uint64_t> newest();

  /// From now on, `next` reads what comes after this event.
  void go_on_after(uint64_t number, int64_t at);

  /// Has the next read make sure that Redis still has what was read last. Call
  /// it after Redis was away.
  void doubt() {
    is_unsure_ = true;
  }

  /// The next events, from the oldest one on if nothing was read yet. Does not
  /// wait.
  result<ring_news> next();

  redis_connection& connection() {
    return redis_;
  }

private:
  result<bool> is_replaced();
  void take(const redisReply& entries, ring_news& out);
  ring_news start_anew(bool is_empty);

  redis_connection redis_;
  const std::string channel_;
  const channel_keys keys_;
  const std::string length_;
  const std::string publisher_; ///< a random name
  uint64_t call_ = 1;           ///< of `publish`
  uint64_t last_ = 0;           ///< the newest number that was read
  int64_t last_at_ = 0;         ///< its time
  int64_t skip_to_ = 0; ///< events up to this time were read before a loss
  std::string last_id_; ///< of the newest entry that was read
  std::string born_;    ///< when the ring that was read began
  bool is_unsure_ = false;
};

} // namespace darkroom
