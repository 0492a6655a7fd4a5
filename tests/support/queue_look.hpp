/// A look at a queue's keys on the process's own Redis.
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
  queue_look() {
    raw({"FLUSHALL"});
  }

  /// A command; the answer's texts, flat. Sees an error answer as a failure.
  strings raw(const strings& words) {
    redis_command command{words.begin(), words.end()};
    auto reply = must(redis.call(command));
    strings out;
    flatten(*reply, out);
    return out;
  }

  /// A command with one answer; "(nil)" where there is none.
  std::string one(const strings& words) {
    auto all = raw(words);
    return all.empty() ? "(empty)" : all.front();
  }

  strings list(const std::string& name) {
    return raw({"LRANGE", P + name, "0", "-1"});
  }
  strings members(const std::string& name) {
    return raw({"ZRANGE", P + name, "0", "-1"});
  }
  std::string score(const std::string& name, const std::string& member) {
    return one({"ZSCORE", P + name, member});
  }
  std::string field(const std::string& id, const std::string& name) {
    return one({"HGET", P + id, name});
  }
  bool exists(const std::string& name) {
    return one({"EXISTS", P + name}) == "1";
  }
  int64_t ttl(const std::string& name) {
    return std::stoll(one({"PTTL", P + name}));
  }
  void set_meta(const std::string& name, const std::string& value) {
    raw({"HSET", P + "meta", name, value});
  }

  /// Whether the wake-up marker is there; takes it away.
  bool take_marker() {
    return one({"ZREM", P + "marker", "0"}) == "1";
  }

  /// The events since the last look: "waiting jobId=1 prev=active".
  strings events() {
    strings out;
    auto reply = must(redis.call({"XRANGE", events_key, "(" + seen, "+"}));
    for (size_t i = 0; i < reply->elements; ++i) {
      const auto& entry = *reply->element[i];
      seen = text_of(*entry.element[0]);
      strings words;
      flatten(*entry.element[1], words);
      auto line = words.at(1);
      for (size_t k = 2; k + 1 < words.size(); k += 2)
        line += " " + words[k] + "=" + words[k + 1];
      out.push_back(line);
    }
    return out;
  }

  /// One of many, or a text that says that there are not so many.
  static std::string nth(const strings& all, size_t index) {
    return index < all.size() ? all[index] : "(none)";
  }

  redis_connection redis{test::shared_redis().settings()};
  std::string P = "bull:q:";
  std::string events_key = P + "events";
  std::string seen = "0-0";

private:
  static void flatten(const redisReply& reply, strings& out) {
    if (reply.type == REDIS_REPLY_ARRAY) {
      for (size_t i = 0; i < reply.elements; ++i)
        flatten(*reply.element[i], out);
    } else if (reply.type == REDIS_REPLY_NIL) {
      out.emplace_back("(nil)");
    } else if (reply.type == REDIS_REPLY_INTEGER) {
      out.push_back(std::to_string(reply.integer));
    } else {
      out.emplace_back(text_of(reply));
    }
  }
};

} // namespace darkroom
