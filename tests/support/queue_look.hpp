/// Reads a queue's keys on the process's own Redis.
#pragma once

#include "services/redis/connection.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

#include <string>
#include <vector>

namespace darkroom {

using strings = std::vector<std::string>;

/// The keys of the queue "q" with BullMQ's usual prefix. Empties Redis first.
struct queue_look {
  queue_look();

  /// Runs a command. @returns the texts of the answer as a flat list; an error
  /// answer fails the test
  strings raw(const strings& words);

  /// Runs a command with one answer; "(nil)" if the answer is nil.
  std::string one(const strings& words);

  strings list(const std::string& name);
  strings members(const std::string& name);
  std::string score(const std::string& name, const std::string& member);
  std::string field(const std::string& id, const std::string& name);
  bool exists(const std::string& name);
  int64_t ttl(const std::string& name);
  void set_meta(const std::string& name, const std::string& value);

  /// Whether the wake-up marker exists; removes it.
  bool take_marker();

  /// The events since the last call: "waiting jobId=1 prev=active".
  strings events();

  /// The element at `index`, or a text that says that there are too few.
  static std::string nth(const strings& all, size_t index);

  redis_connection redis{test::shared_redis().settings()};
  std::string P = "bull:q:";
  std::string D = "darkroom:bull:q:";
  std::string events_key = P + "events";
  std::string seen = "0-0";

private:
  static void flatten(const redisReply& reply, strings& out);
};

} // namespace darkroom
