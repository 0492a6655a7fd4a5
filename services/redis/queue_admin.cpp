#include "services/redis/queue_admin.hpp"

#include "services/redis/job_options.hpp"
#include "services/redis/settlement_text.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

namespace {

std::vector<std::string> texts_of(const redisReply& list) {
  std::vector<std::string> out;
  for (size_t i = 0; i < list.elements; ++i)
    out.emplace_back(text_of(*list.element[i]));
  return out;
}

/// The error for a script's code below 0; the script's header lists the codes.
error refusal(const char* script, const std::string& id, int64_t code) {
  auto job = "job " + id;
  switch (code) {
    case -1:
      return fail(ec::not_found, "there is no " + job);
    case -2:
      return fail(ec::conflict,
                  job + " or one of its children runs: cancel it first");
    case -4:
      return fail(ec::conflict, job + " is not delayed");
    case -8:
      return fail(ec::conflict, job
                                  + " is the next of a job scheduler: remove "
                                    "the scheduler");
    default:
      return fail(
        ec::conflict,
        job
          + (std::string_view{script} == "promote_job.lua" ? " is not delayed"
             : std::string_view{script} == "retry_job.lua" ? " has not ended"
                                                           : " has ended"));
  }
}

} // namespace

queue_admin::queue_admin(const redis_settings& redis,
                         const queue_settings& queue)
  : connection_(redis),
    census_(redis, queue),
    keys_(queue.prefix, queue.name),
    name_(queue.name) {}

result<stored_job> queue_admin::find(const std::string& id) {
  auto found = read_jobs(connection_, keys_, {id});
  if (!found && found.error().code != ec::redis_refused) // no hash: no job
    return std::move(found.error());
  if (!found || !is_job(found->front()))
    return fail(ec::not_found,
                "there is no job " + id + " in queue '" + name_ + "'");
  return std::move(found->front());
}

result<std::vector<std::string>> queue_admin::logs(const std::string& id) {
  auto known = find(id);
  if (!known)
    return std::move(known.error());
  auto key = keys_.logs(id);
  auto lines = connection_.call({"LRANGE", key, "0", "-1"});
  if (!lines)
    return std::move(lines.error());
  return texts_of(**lines);
}

// -- one job ------------------------------------------------------------------

result<int64_t> queue_admin::change(const char* script, const std::string& id,
                                    int64_t now,
                                    const std::vector<std::string>& more) {
  auto time = std::to_string(now);
  std::vector<std::string_view> args{keys_.base(), time, id};
  args.insert(args.end(), more.begin(), more.end());
  auto reply = connection_.script(script, args);
  if (!reply)
    return std::move(reply.error());
  auto code = number_of(**reply);
  if (code <= 0)
    return refusal(script, id, code);
  return code;
}

status queue_admin::retry(const std::string& id, bool is_fresh, int64_t now) {
  auto changed = change("retry_job.lua", id, now, {is_fresh ? "1" : "0"});
  if (!changed)
    return std::move(changed.error());
  return ok;
}

status queue_admin::promote(const std::string& id, int64_t now) {
  auto changed = change("promote_job.lua", id, now);
  if (!changed)
    return std::move(changed.error());
  return ok;
}

status queue_admin::edit(const std::string& id, const job_edit& what,
                         int64_t now) {
  auto changed = change("edit_job.lua", id, now,
                        {what.data.value_or(""),
                         what.priority ? std::to_string(*what.priority) : "",
                         what.delay ? std::to_string(*what.delay) : ""});
  if (!changed)
    return std::move(changed.error());
  return ok;
}

status queue_admin::remove(const std::string& id, int64_t now) {
  auto time = std::to_string(now);
  auto reply = call_removal("remove_job.lua", {keys_.base(), time, id, "1"});
  if (!reply)
    return std::move(reply.error());
  if ((*reply)->type != REDIS_REPLY_ARRAY)
    return refusal("remove_job.lua", id, number_of(**reply));
  pass_removed(*(*reply)->element[1]);
  return ok;
}

result<bool> queue_admin::cancel(const std::string& id, int64_t now,
                                 const std::string& why) {
  auto job = find(id);
  if (!job)
    return std::move(job.error());
  settlement how;
  how.kind = settle_kind::fail;
  how.keep = parse_job_options(field_of(*job, "opts")).on_fail;
  std::vector<std::string> parts;
  append_settlement(how, parts);
  auto time = std::to_string(now);
  auto reply = connection_.script("cancel_job.lua",
                                  {keys_.base(), time, id, why, parts.back()});
  if (!reply)
    return std::move(reply.error());
  auto code = number_of(**reply);
  if (code == 1 || code == -2)
    return code == 1;
  return refusal("cancel_job.lua", id, code);
}

// -- looks --------------------------------------------------------------------

result<std::vector<stored_job>> queue_admin::dead(const dead_page& page) {
  auto key = keys_.failed();
  auto from = std::to_string(page.newer_than);
  auto to = std::to_string(page.older_than);
  auto offset = std::to_string(page.offset);
  auto count = std::to_string(page.count);
  auto ids = page.newest_first ? connection_.call(
               {"ZREVRANGEBYSCORE", key, to, from, "LIMIT", offset, count})
                               : connection_.call({"ZRANGEBYSCORE", key, from,
                                                   to, "LIMIT", offset, count});
  if (!ids)
    return std::move(ids.error());
  return read_jobs(connection_, keys_, texts_of(**ids));
}

result<uint64_t> queue_admin::count_dead(const dead_page& page) {
  auto key = keys_.failed();
  auto from = std::to_string(page.newer_than);
  auto to = std::to_string(page.older_than);
  auto count = connection_.call({"ZCOUNT", key, from, to});
  if (!count)
    return std::move(count.error());
  return static_cast<uint64_t>(number_of(**count));
}

} // namespace darkroom
