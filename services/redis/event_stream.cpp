#include "services/redis/event_stream.hpp"

#include <hiredis/hiredis.h>
#include <poll.h>

#include <algorithm>

namespace darkroom {

namespace {

/// Entries per read. Each one needs a look-up, so a burst is read in slices.
constexpr const char* entries_a_read = "500";
constexpr size_t most_entries = 500;

/// After a read without an added job. Nobody who waits for a picture notices
/// it, and at 50,000 jobs per second one read replaces forty.
constexpr std::chrono::milliseconds pause{20};

/// @returns whether the signal was raised meanwhile
bool is_woken(const wake_signal& wake, std::chrono::milliseconds limit) {
  pollfd signal{wake.descriptor(), POLLIN, 0};
  return ::poll(&signal, 1, static_cast<int>(limit.count())) > 0;
}

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

result<event_stream::position> event_stream::find_end() {
  auto key = keys_.events();
  auto counter = keys_.counter();
  const auto seen = last_id_.empty() ? std::string{"0-0"} : last_id_;
  auto replies = redis_.pipeline({{"MULTI"},
                                  {"GET", counter},
                                  {"XREVRANGE", key, "+", "-", "COUNT", "1"},
                                  {"XRANGE", key, seen, seen},
                                  {"EXEC"}});
  if (!replies)
    return std::move(replies.error());
  const auto& done = replies->back();
  if (!done || done->elements != 3)
    return fail(ec::protocol, "the event stream's end was not told");
  const auto& newest = *done->element[1];
  position end{"0-0", number_of(*done->element[0]),
               done->element[2]->elements > 0};
  if (newest.elements > 0 && newest.element[0]->elements > 0)
    end.last_id = text_of(*newest.element[0]->element[0]);
  return end;
}

result<std::vector<added_job>> event_stream::take(const redisReply& entries) {
  std::vector<added_job> jobs;
  for (size_t i = 0; i < entries.elements; ++i)
    read_entry(*entries.element[i], last_id_, jobs);
  is_vain_ = entries.elements > 0 && jobs.empty();
  auto found = look_up(jobs);
  if (!found)
    return std::move(found.error());
  return jobs;
}

/// The jobs that were added since the last entry seen. Does not wait.
result<std::vector<added_job>> event_stream::catch_up() {
  auto end = find_end();
  if (!end)
    return std::move(end.error());
  if (end->goes_on && end->count == count_) {
    last_id_ = end->last_id;
    is_vain_ = false;
    is_behind_ = false;
    return std::vector<added_job>{};
  }
  auto key = keys_.events();
  auto after = "(" + last_id_;
  auto entries = redis_.call(
    {"XRANGE", key, after, end->last_id, "COUNT", entries_a_read});
  if (!entries)
    return std::move(entries.error());
  auto jobs = take(**entries);
  is_behind_ = (*entries)->elements == most_entries;
  if (!is_behind_)
    count_ = end->count;
  return jobs;
}

status event_stream::look_up(std::vector<added_job>& jobs) {
  if (jobs.empty())
    return ok;
  auto wait = keys_.wait();
  std::vector<std::string> names;
  names.reserve(jobs.size());
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
    auto end = find_end();
    if (!end)
      return std::move(end.error());
    last_id_ = end->last_id;
    count_ = end->count;
  }
  if (is_vain_ || is_behind_) {
    if (is_woken(wake, is_behind_ ? std::chrono::milliseconds{0} : pause))
      return fail(ec::cancelled, "woken while pausing");
    auto jobs = catch_up();
    if (!jobs || !jobs->empty())
      return jobs;
  }
  auto key = keys_.events();
  // With 0 Redis would block forever.
  auto block = std::to_string(std::max<int64_t>(limit.count(), 1));
  auto reply
    = redis_.call_interruptible({"XREAD", "COUNT", entries_a_read, "BLOCK",
                                 block, "STREAMS", key, last_id_},
                                limit, wake);
  if (!reply)
    return std::move(reply.error());
  if ((*reply)->elements == 0 || (*reply)->element[0]->elements < 2)
    return std::vector<added_job>{}; // nothing new
  auto jobs = take(*(*reply)->element[0]->element[1]);
  if (jobs)
    count_ += static_cast<int64_t>(jobs->size());
  return jobs;
}

} // namespace darkroom
