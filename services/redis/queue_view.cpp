/// The reading side of `job_queue`, for people who look at the queue.
#include "services/redis/job_queue.hpp"
#include "services/redis/limits_text.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>

namespace darkroom {

namespace {

/// Per name of jobs that wait for a node: a script must not take long.
constexpr auto most_looked_at = "1000";

struct state_source {
  std::string key;
  bool is_list;
  bool newest_first;
};

result<state_source> source_of(const queue_keys& keys,
                               const std::string& state) {
  if (state == "waiting")
    return state_source{keys.wait(), true, true};
  if (state == "active")
    return state_source{keys.active(), true, false};
  if (state == "prioritized")
    return state_source{keys.prioritized(), false, false};
  if (state == "delayed")
    return state_source{keys.delayed(), false, false};
  if (state == "completed")
    return state_source{keys.completed(), false, true};
  if (state == "failed")
    return state_source{keys.failed(), false, true};
  if (state == "waiting-children")
    return state_source{keys.waiting_children(), false, false};
  return fail(ec::bad_input,
              "unknown state '" + state
                + "'; known are waiting, active, prioritized, delayed, "
                  "completed, failed, waiting-children");
}

} // namespace

result<queue_counts> job_queue::counts() {
  const std::string names[] = {keys_.wait(),
                               keys_.active(),
                               keys_.delayed(),
                               keys_.prioritized(),
                               keys_.completed(),
                               keys_.failed(),
                               keys_.waiting_children(),
                               keys_.meta(),
                               keys_.paused()};
  auto got = connection_.pipeline({{"LLEN", names[0]},
                                   {"LLEN", names[1]},
                                   {"ZCARD", names[2]},
                                   {"ZCARD", names[3]},
                                   {"ZCARD", names[4]},
                                   {"ZCARD", names[5]},
                                   {"ZCARD", names[6]},
                                   {"HEXISTS", names[7], "paused"},
                                   {"LLEN", names[8]}});
  if (!got)
    return std::move(got.error());
  for (const auto& reply : *got)
    if (!reply)
      return fail(ec::redis_refused,
                  "Redis refused to count the queue's jobs: a key of another "
                  "program has the name of one of its keys, or the user of "
                  "[redis] may not read them");
  auto number = [&](size_t i) {
    return static_cast<uint64_t>(number_of(*(*got)[i]));
  };
  queue_counts out;
  out.waiting = number(0) + number(8);
  out.active = number(1);
  out.delayed = number(2);
  out.prioritized = number(3);
  out.completed = number(4);
  out.failed = number(5);
  out.waiting_children = number(6);
  out.paused = number(7) != 0;
  return out;
}

result<std::vector<aside_count>> job_queue::count_aside(int64_t now) {
  auto time = std::to_string(now);
  auto reply = connection_.script("count_aside.lua", {keys_.base(), keys_.own(),
                                                      time, most_looked_at});
  if (!reply)
    return std::move(reply.error());
  std::vector<aside_count> out;
  const auto& list = **reply;
  for (size_t i = 0; i + 1 < list.elements; i += 2) {
    aside_count entry;
    entry.job_name = text_of(*list.element[i]);
    entry.jobs = static_cast<uint64_t>(number_of(*list.element[i + 1]));
    out.push_back(std::move(entry));
  }
  return out;
}

result<std::vector<stored_job>>
job_queue::list(const std::string& state, uint32_t offset, uint32_t limit) {
  auto source = source_of(keys_, state);
  if (!source)
    return std::move(source.error());
  if (limit == 0)
    return std::vector<stored_job>{};
  if (state == "waiting") { // a v5 client that pauses moves the list
    auto waits = connection_.call({"EXISTS", source->key});
    if (!waits)
      return std::move(waits.error());
    if (number_of(**waits) == 0)
      source->key = keys_.paused();
  }
  int64_t first = offset;
  int64_t last = static_cast<int64_t>(offset) + limit - 1;
  // The next waiting job is the last of the list.
  if (source->is_list && source->newest_first)
    std::tie(first, last) = std::make_pair(-last - 1, -first - 1);
  auto from = std::to_string(first);
  auto to = std::to_string(last);
  auto command = source->is_list
                   ? "LRANGE"
                   : (source->newest_first ? "ZREVRANGE" : "ZRANGE");
  auto ids = ids_of(connection_.call({command, source->key, from, to}));
  if (!ids)
    return std::move(ids.error());
  if (source->is_list && source->newest_first)
    std::reverse(ids->begin(), ids->end());
  return read_jobs(connection_, keys_, *ids);
}

result<std::string> job_queue::explain(const std::string& job_id, int64_t now) {
  follow_limits();
  auto text = connection_.script(
    "explain_job.lua",
    {keys_.base(), keys_.own(), std::to_string(now), job_id,
     std::to_string(settings_.limit_max),
     std::to_string(settings_.limit_window.count()),
     has_limits(context_.resources) ? "1" : "0", limits_text_});
  if (!text)
    return std::move(text.error());
  return std::string{text_of(**text)};
}

} // namespace darkroom
