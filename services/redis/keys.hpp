/// Every Redis key, made in one place. Scripts get the two prefixes and append
/// the same suffixes; docs/redis.md lists the keys with their contents.
#pragma once

#include <string>
#include <string_view>

namespace darkroom {

/// The names of one queue's keys.
class queue_keys {
public:
  /// @param prefix BullMQ's prefix, opaque ("bull", "{bull}")
  /// @param queue  the queue's name, without ':'
  queue_keys(std::string_view prefix, std::string_view queue);

  /// "bull:<queue>:": BullMQ's keys. No private key may have this prefix.
  const std::string& base() const {
    return base_;
  }

  /// "darkroom:<prefix>:<queue>:": Darkroom's own keys.
  const std::string& own() const {
    return own_;
  }

  std::string job(std::string_view id) const;
  std::string lock(std::string_view id) const;
  std::string logs(std::string_view id) const;
  std::string events() const;
  std::string marker() const;
  std::string counter() const; ///< of ids
  std::string meta() const;
  std::string wait() const;
  /// A v5 client that pauses the queue moves `wait` here.
  std::string paused() const;
  std::string active() const;
  std::string prioritized() const;
  std::string delayed() const;
  std::string completed() const;
  std::string failed() const;
  std::string waiting_children() const;

  std::string cluster() const; ///< Darkroom's own: see `cluster_id`

  /// What CLIENT SETNAME gets so that BullMQ's getWorkers() lists us.
  /// @param worker_name empty for an unnamed worker
  std::string client_name(std::string_view worker_name) const;

private:
  std::string prefix_;
  std::string queue_;
  std::string base_;
  std::string own_;
};

/// The names of the keys of one channel of events, which several queues may
/// share. The braces keep them in one slot of a cluster.
class channel_keys {
public:
  explicit channel_keys(std::string_view channel);

  /// "darkroom:{<channel>}:"
  const std::string& own() const {
    return own_;
  }

  std::string ring() const;  ///< stream: the newest events
  std::string place() const; ///< hash: `last` number, `born` ms

private:
  std::string own_;
};

} // namespace darkroom
