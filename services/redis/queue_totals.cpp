#include "services/redis/queue_totals.hpp"

#include <hiredis/hiredis.h>

#include <string>

namespace darkroom {

result<int64_t> oldest_waiting(redis_connection& redis,
                               const queue_keys& keys) {
  const std::string lines[] = {keys.wait(), keys.paused(), keys.prioritized()};
  auto got = redis.pipeline({{"LRANGE", lines[0], "-1", "-1"},
                             {"LRANGE", lines[1], "-1", "-1"},
                             {"ZRANGE", lines[2], "0", "0"}});
  if (!got)
    return std::move(got.error());
  int64_t oldest = 0;
  for (const auto& line : *got) {
    if (!line)
      return fail(ec::redis_refused, "Redis refused to show who waits");
    for (size_t i = 0; i < line->elements; ++i) {
      auto key = keys.job(text_of(*line->element[i]));
      auto added = redis.call({"HGET", key, "timestamp"});
      auto time = added ? number_of(**added) : 0;
      if (time > 0 && (oldest == 0 || time < oldest))
        oldest = time;
    }
  }
  return oldest;
}

result<queue_totals> totals_of(redis_connection& redis,
                               const queue_keys& keys) {
  const auto completed = keys.base() + "metrics:completed";
  const auto failed = keys.base() + "metrics:failed";
  auto got
    = redis.pipeline({{"HGET", completed, "count"}, {"HGET", failed, "count"}});
  if (!got)
    return std::move(got.error());
  auto number = [&](size_t i) {
    auto value = (*got)[i] ? number_of(*(*got)[i]) : 0;
    return static_cast<uint64_t>(value > 0 ? value : 0);
  };
  return queue_totals{number(0), number(1)};
}

} // namespace darkroom
