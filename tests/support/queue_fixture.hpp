/// A queue on a real Redis: adds, claims and settles in a line each.
#pragma once

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_look.hpp"

#include <functional>

namespace darkroom {

/// `now` is the test's own clock.
struct queue_fixture : queue_look {
  queue_fixture() : queue(test::shared_redis().settings(), settings) {}

  static queue_settings unlimited() {
    queue_settings out;
    out.name = "q";
    out.limit_max = 0;
    return out;
  }

  /// Another client of the same queue, with changed settings.
  job_queue other(const std::function<void(queue_settings&)>& change) {
    auto changed = settings;
    change(changed);
    return {test::shared_redis().settings(), changed};
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

  int64_t now = 1700000000000;
  std::string time = "1700000000000"; ///< the first `now`, as text
  queue_settings settings = unlimited();
  job_queue queue;
};

} // namespace darkroom
