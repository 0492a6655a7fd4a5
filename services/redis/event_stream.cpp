#include "services/redis/event_stream.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>

namespace darkroom {

namespace {

/// Entries a read: one look-up each, so that a burst is taken in slices.
constexpr const char* entries_a_read = "500";

/// One entry: [id, [field, value, …]].
void read_entry(const redisReply& entry, std::string& last_id,
                std::vector<added_job>& jobs) {
  if (entry.elements < 2)
    return;
  last_id = text_of(*entry.element[0]);
  const auto& fields = *entry.element[1];
  bool is_added = false;
  added_job x;
  for (size_t i = 0; i + 1 < fields.elements; i += 2) {
    auto field = text_of(*fields.element[i]);
    auto value = text_of(*fields.element[i + 1]);
    if (field == "event")
      is_added = value == "added";
    else if (field == "jobId")
      x.id = value;
    else if (field == "name")
      x.name = value;
  }
  if (is_added)
    jobs.push_back(std::move(x));
}

} // namespace

event_stream::event_stream(const redis_settings& redis,
                           const queue_settings& queue)
  : redis_(redis),
    keys_(queue.prefix, queue.name) {}

status event_stream::find_end() {
  auto key = keys_.events();
  auto newest = redis_.call({"XREVRANGE", key, "+", "-", "COUNT", "1"});
  if (!newest)
    return std::move(newest.error());
  last_id_ = "0-0";
  if ((*newest)->elements > 0 && (*newest)->element[0]->elements > 0)
    last_id_ = text_of(*(*newest)->element[0]->element[0]);
  return ok;
}

status event_stream::look_up(std::vector<added_job>& jobs) {
  if (jobs.empty())
    return ok;
  auto wait = keys_.wait();
  std::vector<std::string> names;
  for (const auto& x : jobs)
    names.push_back(keys_.job(x.id));
  std::vector<redis_command> commands{{"LLEN", wait}};
  for (const auto& name : names)
    commands.push_back({"HGET", name, "data"});
  auto replies = redis_.pipeline(commands);
  if (!replies)
    return std::move(replies.error());
  auto waiting = (*replies)[0] ? number_of(*(*replies)[0]) : 0;
  for (size_t i = 0; i < jobs.size(); ++i) {
    jobs[i].waiting = static_cast<uint64_t>(waiting);
    if ((*replies)[i + 1])
      jobs[i].data = text_of(*(*replies)[i + 1]);
  }
  return ok;
}

result<std::vector<added_job>>
event_stream::next_added(std::chrono::milliseconds limit,
                         const wake_signal& wake) {
  if (last_id_.empty()) {
    auto found = find_end();
    if (!found)
      return std::move(found.error());
  }
  auto key = keys_.events();
  // 0 would block for ever.
  auto block = std::to_string(std::max<int64_t>(limit.count(), 1));
  auto reply
    = redis_.call_interruptible({"XREAD", "COUNT", entries_a_read, "BLOCK",
                                 block, "STREAMS", key, last_id_},
                                limit, wake);
  if (!reply)
    return std::move(reply.error());
  std::vector<added_job> jobs;
  if ((*reply)->elements == 0)
    return jobs; // nothing new
  const auto& stream = *(*reply)->element[0];
  if (stream.elements < 2)
    return jobs;
  for (size_t i = 0; i < stream.element[1]->elements; ++i)
    read_entry(*stream.element[1]->element[i], last_id_, jobs);
  auto found = look_up(jobs);
  if (!found)
    return std::move(found.error());
  return jobs;
}

} // namespace darkroom
