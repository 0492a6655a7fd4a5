#include "services/redis/scheduler_book.hpp"

#include "services/cron/next_cron.hpp"
#include "services/json/json.hpp"
#include "services/redis/add_options.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr int64_t least_interval = 100; ///< ms; a shorter one is a mistake

/// The field of a scheduler's record. Numbers that are missing are 0.
class record_reader {
public:
  explicit record_reader(const redisReply& hash) : hash_(hash) {}

  std::string text(std::string_view name) const {
    for (size_t i = 0; i + 1 < hash_.elements; i += 2)
      if (text_of(*hash_.element[i]) == name)
        return std::string{text_of(*hash_.element[i + 1])};
    return {};
  }

  int64_t number(std::string_view name) const {
    return std::strtoll(text(name).c_str(), nullptr, 10);
  }

private:
  const redisReply& hash_;
};

listed_scheduler scheduler_of(const std::string& id, const redisReply& hash) {
  record_reader from{hash};
  listed_scheduler out;
  auto& x = out.schedule;
  x.id = id;
  x.every = from.number("every");
  x.pattern = from.text("pattern");
  x.tz = from.text("tz");
  x.limit = from.number("limit");
  x.start = from.number("startDate");
  x.end = from.number("endDate");
  x.name = from.text("name");
  if (auto data = from.text("data"); !data.empty())
    x.data = std::move(data);
  if (auto options = from.text("opts"); !options.empty())
    x.options = std::move(options);
  out.made = from.number("ic");
  return out;
}

/// When a pattern's first job is due; 0 for an interval.
result<int64_t> first_of(const job_schedule& what, bool immediately,
                         int64_t now) {
  if (what.every > 0)
    return int64_t{0};
  auto due = next_cron(what.pattern, what.tz, std::max(now, what.start));
  if (!due)
    return due;
  if (what.end > 0 && *due > what.end)
    return fail(ec::bad_input,
                "the pattern does not match before its end date");
  return immediately ? now : *due;
}

status check(const job_schedule& what, int64_t now) {
  if ((what.every > 0) == !what.pattern.empty())
    return fail(ec::bad_input,
                "a scheduler has either an interval or a pattern");
  if (what.every > 0 && what.every < least_interval)
    return fail(ec::bad_input, "an interval is at least "
                                 + std::to_string(least_interval) + " ms");
  if (what.end > 0 && what.end < now)
    return fail(ec::bad_input, "its end date is over");
  if (what.end > 0 && what.start > what.end)
    return fail(ec::bad_input, "its start date is behind its end date");
  return ok;
}

/// The fields that BullMQ stores beside name, `ic` and offset.
std::vector<std::string> record_of(const job_schedule& what) {
  std::vector<std::string> out;
  auto add = [&out](const char* name, const std::string& value) {
    if (!value.empty() && value != "0" && value != "{}")
      out.insert(out.end(), {name, value});
  };
  add("tz", what.tz);
  add("limit", std::to_string(what.limit));
  add("pattern", what.pattern);
  add("startDate", std::to_string(what.start));
  add("endDate", std::to_string(what.end));
  add("every", std::to_string(what.every));
  add("opts", what.options);
  add("data", what.data);
  return out;
}

/// What a job of the scheduler says about it, for whoever adds the next one.
json repeat_of(const job_schedule& what) {
  json out{{"count", 1}};
  if (what.every > 0)
    out["every"] = what.every;
  else
    out["pattern"] = what.pattern;
  if (!what.tz.empty())
    out["tz"] = what.tz;
  if (what.limit > 0)
    out["limit"] = what.limit;
  if (what.start > 0)
    out["startDate"] = what.start;
  if (what.end > 0)
    out["endDate"] = what.end;
  return out;
}

/// The options of its first job, which has neither id nor delay yet.
result<new_job> first_job(const job_schedule& what, const std::string& defaults,
                          int64_t slot, int64_t now) {
  new_job base;
  base.name = what.name;
  base.data = what.data;
  base.options = defaults;
  auto given = parse_json(what.options);
  if (!given)
    return std::move(given.error());
  auto job = with_options(std::move(base), *given);
  if (!job)
    return job;
  auto options = parse_json(job->options);
  if (!options)
    return std::move(options.error());
  options->erase("jobId");
  options->erase("delay");
  (*options)["repeat"] = repeat_of(what);
  (*options)["repeatJobKey"] = what.id;
  (*options)["timestamp"] = now;
  if (slot > 0)
    (*options)["prevMillis"] = slot;
  job->options = write_json(*options);
  return job;
}

} // namespace

scheduler_book::scheduler_book(const redis_settings& redis,
                               const queue_settings& queue)
  : connection_(redis),
    keys_(queue.prefix, queue.name) {}

result<scheduler_page> scheduler_book::list(uint64_t offset, uint32_t limit) {
  auto set = keys_.job("repeat");
  auto first = std::to_string(offset);
  auto last = std::to_string(offset + limit - 1);
  auto got = connection_.pipeline(
    {{"ZCARD", set}, {"ZRANGE", set, first, last, "WITHSCORES"}});
  if (!got)
    return std::move(got.error());
  scheduler_page out;
  if (!(*got)[0] || !(*got)[1])
    return fail(ec::redis_refused, "Redis refused to list the job schedulers");
  out.total = static_cast<uint64_t>(number_of(*(*got)[0]));
  const auto& listed = *(*got)[1];
  std::vector<std::string> names;
  for (size_t i = 0; i + 1 < listed.elements; i += 2)
    names.push_back(keys_.job("repeat:")
                    + std::string{text_in_reply(listed, i)});
  if (names.empty())
    return out;
  std::vector<redis_command> commands;
  commands.reserve(names.size());
  for (const auto& name : names)
    commands.push_back({"HGETALL", name});
  auto hashes = connection_.pipeline(commands);
  if (!hashes)
    return std::move(hashes.error());
  for (size_t i = 0; i < names.size(); ++i) {
    const auto& hash = (*hashes)[i];
    if (!hash)
      continue;
    auto x = scheduler_of(std::string{text_in_reply(listed, 2 * i)}, *hash);
    x.next = static_cast<int64_t>(std::strtod(
      std::string{text_in_reply(listed, 2 * i + 1)}.c_str(), nullptr));
    if (x.made > 0)
      out.schedulers.push_back(std::move(x));
  }
  return out;
}

result<scheduled_job>
scheduler_book::put(const job_schedule& what, bool immediately,
                    const std::string& defaults, int64_t now) {
  if (auto sound = check(what, now); !sound)
    return std::move(sound.error());
  auto slot = first_of(what, immediately, now);
  if (!slot)
    return std::move(slot.error());
  auto job = first_job(what, defaults, *slot, now);
  if (!job)
    return std::move(job.error());
  std::vector<std::string> args{
    keys_.base(),
    std::to_string(now),
    what.id,
    *slot > 0 ? std::to_string(*slot) : "",
    what.every > 0 ? std::to_string(what.every) : "",
    what.start > 0 ? std::to_string(what.start) : "",
    what.name,
    what.data,
    job->options.substr(1),
    std::to_string(job->priority),
    job->lifo ? "1" : "0"};
  auto record = record_of(what);
  args.insert(args.end(), record.begin(), record.end());
  auto reply = connection_.script("put_scheduler.lua",
                                  {args.begin(), args.end()});
  if (!reply)
    return std::move(reply.error());
  if ((*reply)->type == REDIS_REPLY_ARRAY)
    return scheduled_job{
      std::string{text_in_reply(**reply, 0)},
      std::strtoll(std::string{text_in_reply(**reply, 1)}.c_str(), nullptr,
                   10)};
  switch (number_of(**reply)) {
    case -1:
      return fail(ec::conflict, "the job of the pattern's next time exists "
                                "already: remove it, or try again later");
    case -2:
      return fail(ec::conflict,
                  "jobs have the ids of its next 32 times: remove "
                  "them, or give the scheduler another id");
    default:
      return fail(ec::conflict,
                  "the queue has something else under the id " + what.id);
  }
}

status scheduler_book::remove(const std::string& id, int64_t now) {
  auto time = std::to_string(now);
  auto reply = connection_.script("remove_scheduler.lua",
                                  {keys_.base(), time, id});
  if (!reply)
    return std::move(reply.error());
  if (number_of(**reply) < 0)
    return fail(ec::not_found, "there is no job scheduler " + id);
  return ok;
}

std::vector<int64_t> next_runs(const listed_scheduler& of, size_t count) {
  const auto& what = of.schedule;
  if (what.limit > 0)
    count = std::min(count, static_cast<size_t>(
                              std::max<int64_t>(0, what.limit - of.made + 1)));
  std::vector<int64_t> out;
  auto due = of.next;
  while (out.size() < count && (what.end == 0 || due <= what.end)) {
    out.push_back(due);
    if (what.every > 0) {
      due += what.every;
      continue;
    }
    auto next = next_cron(what.pattern, what.tz, due);
    if (!next)
      break;
    due = *next;
  }
  return out;
}

} // namespace darkroom
