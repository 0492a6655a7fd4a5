#include "services/redis/queue_census.hpp"

#include "services/redis/queue_names.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <optional>

namespace darkroom {

namespace {

constexpr int64_t ids_a_read
  = 1000; // ids per read, which blocks Redis for some ms

/// Ids that are read again with the next ids_a_read: as many may leave the
/// middle of a list between two pages without hiding another one.
constexpr int64_t read_again = 50;

struct unfinished_place {
  std::string (queue_keys::*key)() const = nullptr;
  bool is_list = false;
  bool is_active = false;
};

/// In this order no job is missed that changes its state once: active and
/// delayed come twice, because jobs go there from all other unfinished_places,
/// and leave them for all others; so does paused, because pausing renames wait.
constexpr unfinished_place unfinished_places[] = {
  {&queue_keys::active, true, true},
  {&queue_keys::delayed, false},
  {&queue_keys::waiting_children, false},
  {&queue_keys::prioritized, false},
  {&queue_keys::paused, true},
  {&queue_keys::wait, true},
  {&queue_keys::paused, true},
  {&queue_keys::active, true, true},
  {&queue_keys::delayed, false},
};

constexpr size_t places_read_twice = 3; // the last ones

} // namespace

queue_census::queue_census(const redis_settings& redis,
                           const queue_settings& queue)
  : connection_(redis),
    prefix_(queue.prefix),
    queue_(queue.name) {}

result<std::vector<std::string>> queue_census::queues() {
  std::vector<std::string> out{queue_};
  auto names = queue_names(connection_, prefix_);
  if (!names)
    return std::move(names.error());
  for (auto& name : *names)
    if (std::find(out.begin(), out.end(), name) == out.end())
      out.push_back(std::move(name));
  return out;
}

status queue_census::each(const std::string& queue,
                          const std::function<status(queued_jobs&)>& take) {
  queue_keys keys{prefix_, queue};
  census_cursor at;
  while (at.place < std::size(unfinished_places)) {
    auto jobs = read(keys, at, ids_a_read);
    if (!jobs)
      return std::move(jobs.error());
    if (auto taken = take(*jobs); !taken)
      return taken;
  }
  return ok;
}

result<queued_jobs> queue_census::next(census_cursor& at, uint64_t most) {
  queue_keys keys{prefix_, queue_};
  auto size = static_cast<int64_t>(std::min<uint64_t>(most, ids_a_read));
  while (at.place < std::size(unfinished_places) - places_read_twice) {
    auto jobs = read(keys, at, size);
    if (!jobs || !jobs->empty())
      return jobs;
  }
  at = {};
  return queued_jobs{};
}

/// Reads from the end where jobs are added: what is taken at the other end
/// shifts nothing.
result<queued_jobs> queue_census::read(const queue_keys& keys,
                                       census_cursor& at, int64_t most) {
  const auto& from = unfinished_places[at.place];
  auto key = (keys.*from.key)();
  auto begin = std::to_string(at.first);
  auto end = std::to_string(at.first + most - 1);
  auto reply = connection_.call(
    {from.is_list ? "LRANGE" : "ZREVRANGE", key, begin, end});
  if (!reply)
    return std::move(reply.error());
  if ((*reply)->elements < static_cast<size_t>(most))
    at = {at.place + 1, 0};
  else
    at.first += std::max<int64_t>(most - std::min(read_again, most / 10), 1);
  queued_job like;
  like.is_active = from.is_active;
  like.is_parent = from.key == &queue_keys::waiting_children;
  return read_hashes(keys, **reply, like);
}

result<queued_jobs> queue_census::read_hashes(const queue_keys& keys,
                                              const redisReply& ids,
                                              const queued_job& like) {
  std::vector<std::string> names;
  names.reserve(ids.elements);
  for (size_t i = 0; i < ids.elements; ++i)
    names.push_back(keys.job(text_of(*ids.element[i])));
  std::vector<redis_command> commands;
  commands.reserve(names.size());
  for (const auto& name : names)
    commands.push_back({"HMGET", name, "name", "data", "timestamp", "delay"});
  queued_jobs out;
  if (commands.empty())
    return out;
  auto found = connection_.pipeline(commands);
  if (!found && found.error().context.starts_with("WRONGTYPE"))
    return out; // no id of the ids_a_read names a job
  if (!found)
    return std::move(found.error());
  for (size_t i = 0; i < names.size(); ++i) {
    const auto* job = (*found)[i].get();
    if (job == nullptr || text_in_reply(*job, 2).empty())
      continue; // a marker, or the key of something else
    auto x = like;
    x.id = text_of(*ids.element[i]);
    x.name = text_in_reply(*job, 0);
    x.data = text_in_reply(*job, 1);
    x.timestamp = number_in_reply(*job, 2);
    x.due = x.timestamp + number_in_reply(*job, 3);
    out.push_back(std::move(x));
  }
  return out;
}

result<bool> queue_census::is_elsewhere(const std::string& id,
                                        const std::vector<std::string>& among) {
  std::vector<std::string> names;
  for (const auto& name : among)
    if (name != queue_)
      names.push_back(queue_keys{prefix_, name}.job(id));
  if (names.empty())
    return false;
  redis_command command{"EXISTS"};
  command.insert(command.end(), names.begin(), names.end());
  auto found = connection_.call(command);
  if (!found)
    return std::move(found.error());
  return number_of(**found) > 0;
}

result<job_fate> queue_census::fate_of(const std::string& id) {
  queue_keys keys{prefix_, queue_};
  const std::string names[]
    = {keys.job(id),   keys.completed(),   keys.failed(),
       keys.delayed(), keys.prioritized(), keys.waiting_children(),
       keys.active(),  keys.wait(),        keys.paused()};
  std::vector<redis_command> commands{{"MULTI"},
                                      {"HMGET", names[0], "timestamp", "ats",
                                       "finishedOn", "failedReason"}};
  for (size_t i = 1; i < std::size(names); ++i)
    commands.push_back(i < 6 ? redis_command{"ZSCORE", names[i], id}
                             : redis_command{"LPOS", names[i], id});
  commands.push_back({"EXEC"});
  auto replies = connection_.pipeline(commands);
  if (!replies)
    return std::move(replies.error());
  const auto* all = replies->back().get();
  if (all == nullptr || all->elements != std::size(names))
    return fail(ec::redis_refused, "Redis refused to look for job " + id);
  const auto& job = *all->element[0];
  auto is_in = [all](size_t i) {
    const auto type = all->element[i]->type;
    return type != REDIS_REPLY_NIL && type != REDIS_REPLY_ERROR;
  };
  job_fate out;
  out.has_hash = !text_in_reply(job, 0).empty();
  out.timestamp = number_in_reply(job, 0);
  out.attempt = static_cast<uint32_t>(number_in_reply(job, 1));
  out.ended_at = number_in_reply(job, 2);
  out.reason = text_in_reply(job, 3);
  out.is_active = out.has_hash && is_in(6);
  if (out.has_hash)
    for (size_t i = 3; i < std::size(names); ++i)
      if (is_in(i))
        out.place = job_place::queued;
  if (out.has_hash && out.place == job_place::nowhere)
    out.place = is_in(1)   ? job_place::ended
                : is_in(2) ? job_place::failed
                           : job_place::nowhere;
  return out;
}

} // namespace darkroom
