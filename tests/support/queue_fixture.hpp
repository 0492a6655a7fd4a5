/// A queue on a real Redis, and a look at the keys it is made of.
#pragma once

#include "services/redis/job_queue.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"

#include <hiredis/hiredis.h>

#include <functional>
#include <string>
#include <vector>

namespace darkroom {

using strings = std::vector<std::string>;

/// Empties the process's Redis first. `now` is the test's own clock.
struct queue_fixture {
  queue_fixture() : queue_fixture(queue_settings{}) {}

  explicit queue_fixture(queue_settings base)
    : settings(unlimited(std::move(base))),
      redis(test::shared_redis().settings()),
      queue(test::shared_redis().settings(), settings) {
    raw({"FLUSHALL"});
  }

  static queue_settings unlimited(queue_settings x) {
    x.name = "q";
    x.limit_max = 0;
    return x;
  }

  /// Another client of the same queue, with changed settings.
  job_queue other(const std::function<void(queue_settings&)>& change) {
    auto changed = settings;
    change(changed);
    return {test::shared_redis().settings(), changed};
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

  /// Adds one job. @returns its id
  std::string add(const new_job& x) {
    return must(queue.add({x}, now)).at(0);
  }

  /// Adds `count` plain jobs.
  strings add_many(size_t count) {
    return must(queue.add(std::vector<new_job>(count, plain()), now));
  }

  static new_job plain() {
    return {"echo", R"({"n":1})", R"({"attempts":3})", {}, 0, 0, false};
  }
  static new_job named(std::string id) {
    auto x = plain();
    x.id = std::move(id);
    return x;
  }
  static new_job delayed(int64_t ms) {
    auto x = plain();
    x.delay_ms = ms;
    return x;
  }
  static new_job ranked(uint32_t priority) {
    auto x = plain();
    x.priority = priority;
    return x;
  }
  static new_job lifo() {
    auto x = plain();
    x.lifo = true;
    return x;
  }

  store_reply claim_all(uint32_t count = 1, const std::string& token = "t:1") {
    return must(queue.step({{}, {}, count, token}, now));
  }

  /// The ids of what a claim gives.
  strings claim(uint32_t count = 1, const std::string& token = "t:1") {
    return ids(claim_all(count, token).jobs);
  }

  static strings ids(const std::vector<job>& jobs) {
    strings out;
    for (const auto& x : jobs)
      out.push_back(x.id);
    return out;
  }

  /// Adds and claims one job; forgets the events of it.
  job started(const new_job& x = plain()) {
    add(x);
    auto reply = claim_all();
    if (reply.jobs.size() != 1)
      CAF_FAIL("claimed " << reply.jobs.size() << " jobs");
    events();
    return reply.jobs.at(0);
  }

  /// Adds and claims `count` jobs; forgets the events of it.
  std::vector<job> started_many(size_t count) {
    add_many(count);
    auto reply = claim_all(static_cast<uint32_t>(count));
    CAF_REQUIRE_EQUAL(reply.jobs.size(), count);
    events();
    return reply.jobs;
  }

  static settlement ending(const job& x, settle_kind kind, std::string value) {
    settlement out;
    out.job_id = x.id;
    out.token = x.token;
    out.attempt = x.attempt;
    out.kind = kind;
    out.value = std::move(value);
    out.max_attempts = x.options.attempts;
    return out;
  }
  static settlement completed(const job& x) {
    return ending(x, settle_kind::complete, "7");
  }
  static settlement failed(const job& x) {
    return ending(x, settle_kind::fail, "broke");
  }

  /// Settles and claims. @returns the whole answer
  store_reply step(std::vector<settlement> batch, uint32_t count = 0) {
    return must(queue.step({{}, std::move(batch), count, "t:2"}, now));
  }

  /// Settles. @returns the statuses as text, one letter each: . settled,
  /// G gone, F fenced, N not active, C has children, U children failed
  std::string settle(std::vector<settlement> batch) {
    std::string out;
    for (auto status : step(std::move(batch)).statuses)
      out += ".GFNCU"[status];
    return out;
  }
  std::string settle(const settlement& x) {
    return settle(std::vector{x});
  }

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

  int64_t now = 1700000000000;
  std::string time = "1700000000000"; ///< the first `now`, as text
  std::string P = "bull:q:";
  std::string events_key = P + "events";
  std::string seen = "0-0";
  queue_settings settings;
  redis_connection redis;
  job_queue queue;
};

} // namespace darkroom
