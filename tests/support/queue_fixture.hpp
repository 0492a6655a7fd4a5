/// A queue on a real Redis: adding, claiming and settling take one line each.
#pragma once

#include "services/redis/job_queue.hpp"
#include "tests/support/queue_look.hpp"

#include <functional>

namespace darkroom {

/// `now` is the test's own clock.
struct queue_fixture : queue_look {
  queue_fixture();

  static queue_settings unlimited();

  /// Another client of the same queue, with changed settings.
  job_queue other(const std::function<void(queue_settings&)>& change);

  /// Another client of the same queue, with this context.
  job_queue other(queue_context context);

  /// Adds one job. @returns its id
  std::string add(const new_job& x);

  /// Adds `count` plain jobs.
  strings add_many(size_t count);

  static new_job plain();
  static new_job named(std::string id);
  static new_job delayed(int64_t ms);
  static new_job ranked(uint32_t priority);
  static new_job lifo();

  store_reply claim_all(uint32_t count = 1, const std::string& token = "t:1");

  /// Claims jobs. @returns their ids
  strings claim(uint32_t count = 1, const std::string& token = "t:1");

  static strings ids(const std::vector<job>& jobs);

  /// Adds and claims one job, and drops the events of that.
  job started(const new_job& x = plain());

  /// Adds and claims `count` jobs, and drops the events of that.
  std::vector<job> started_many(size_t count);

  static settlement ending(const job& x, settle_kind kind, std::string value);
  static settlement completed(const job& x);
  static settlement failed(const job& x);

  /// Settles and claims. @returns the whole answer
  store_reply step(std::vector<settlement> batch, uint32_t count = 0);

  /// Settles. @returns the statuses as text, one letter each: . settled,
  /// G gone, F fenced, N not active, C has children, U children failed, B
  /// broken
  std::string settle(std::vector<settlement> batch);
  std::string settle(const settlement& x);

  int64_t now = 1700000000000;
  std::string time = "1700000000000"; ///< the initial `now`, as text
  queue_settings settings = unlimited();
  job_queue queue;
};

} // namespace darkroom
