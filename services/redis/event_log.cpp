#include "services/redis/event_log.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <charconv>

namespace darkroom {

namespace {

/// The time in an entry's id, "1732560000000-0".
int64_t time_of(std::string_view id) {
  int64_t out = 0;
  std::from_chars(id.data(), id.data() + id.size(), out);
  return out;
}

/// One entry: [id, [field, value, …]].
queue_event event_of(const redisReply& entry) {
  queue_event out;
  out.id = text_of(*entry.element[0]);
  out.at = time_of(out.id);
  const auto& fields = *entry.element[1];
  for (size_t i = 0; i + 1 < fields.elements; i += 2) {
    auto field = text_of(*fields.element[i]);
    if (field == "event")
      out.name = text_of(*fields.element[i + 1]);
    else if (field == "jobId")
      out.job_id = text_of(*fields.element[i + 1]);
    else
      out.more.emplace(field, text_of(*fields.element[i + 1]));
  }
  return out;
}

/// The id before all ids of this time.
std::string id_before(int64_t time) {
  return time <= 0 ? "0-0" : std::to_string(time - 1) + "-18446744073709551615";
}

} // namespace

event_log::event_log(const redis_settings& redis, const queue_settings& queue)
  : redis_(redis),
    keys_(queue.prefix, queue.name) {}

status event_log::open() {
  auto key = keys_.events();
  auto newest = redis_.call({"XREVRANGE", key, "+", "-", "COUNT", "1"});
  if (!newest)
    return std::move(newest.error());
  last_id_ = (*newest)->elements > 0
               ? std::string{text_of(*(*newest)->element[0]->element[0])}
               : "0-0";
  return ok;
}

void event_log::open_at(int64_t time) {
  last_id_ = id_before(time);
}

status event_log::open_last(uint32_t count) {
  if (count == 0)
    return open();
  auto key = keys_.events();
  auto most = std::to_string(uint64_t{count} + 1);
  auto newest = redis_.call({"XREVRANGE", key, "+", "-", "COUNT", most});
  if (!newest)
    return std::move(newest.error());
  const auto& list = **newest;
  last_id_ = "0-0";
  if (list.elements > count) // the one before them
    last_id_ = text_of(*list.element[count]->element[0]);
  return ok;
}

result<int64_t> event_log::oldest() {
  auto key = keys_.events();
  auto first = redis_.call({"XRANGE", key, "-", "+", "COUNT", "1"});
  if (!first)
    return std::move(first.error());
  return (*first)->elements == 0
           ? 0
           : time_of(text_of(*(*first)->element[0]->element[0]));
}

result<std::map<std::string, event_subject>>
event_log::subjects_of(const std::vector<queue_event>& events) {
  std::map<std::string, event_subject> out;
  for (const auto& x : events)
    if (!x.job_id.empty())
      out[x.job_id];
  std::vector<std::string> keys;
  keys.reserve(out.size());
  for (const auto& [id, subject] : out)
    keys.push_back(keys_.job(id));
  std::vector<redis_command> commands;
  commands.reserve(keys.size());
  for (const auto& key : keys)
    commands.push_back({"HMGET", key, "name", "data"});
  if (commands.empty())
    return out;
  auto replies = redis_.pipeline(commands);
  if (!replies)
    return std::move(replies.error());
  size_t at = 0;
  for (auto& [id, subject] : out)
    if (const auto& reply = (*replies)[at++])
      subject = {std::string{text_in_reply(*reply, 0)},
                 std::string{text_in_reply(*reply, 1)}};
  return out;
}

result<std::vector<queue_event>>
event_log::next(std::chrono::milliseconds limit, const wake_signal& wake) {
  if (last_id_.empty())
    if (auto opened = open(); !opened)
      return std::move(opened.error());
  auto key = keys_.events();
  // With 0 Redis would block forever.
  auto block = std::to_string(std::max<int64_t>(limit.count(), 1));
  auto count = std::to_string(most_entries);
  auto reply = redis_.call_interruptible({"XREAD", "COUNT", count, "BLOCK",
                                          block, "STREAMS", key, last_id_},
                                         limit, wake);
  if (!reply)
    return std::move(reply.error());
  std::vector<queue_event> out;
  if ((*reply)->elements == 0 || (*reply)->element[0]->elements < 2)
    return out;
  const auto& entries = *(*reply)->element[0]->element[1];
  for (size_t i = 0; i < entries.elements; ++i) {
    const auto& entry = *entries.element[i];
    if (entry.elements < 2)
      continue;
    last_id_ = text_of(*entry.element[0]);
    out.push_back(event_of(entry));
  }
  return out;
}

} // namespace darkroom
