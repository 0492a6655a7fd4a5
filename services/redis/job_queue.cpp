#include "services/redis/job_queue.hpp"

#include "services/redis/limits_text.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

using views = std::vector<std::string_view>;

views as_views(const std::vector<std::string>& texts) {
  return {texts.begin(), texts.end()};
}

} // namespace

job_queue::job_queue(const redis_settings& redis, queue_settings queue,
                     queue_context context, std::string client_name)
  : connection_(redis, std::move(client_name)),
    settings_(std::move(queue)),
    context_(std::move(context)),
    keys_(settings_.prefix, settings_.name),
    limits_text_(limits_text(context_.resources, context_.slack)) {
  connection_.fence_with(context_.fence);
}

result<std::vector<std::string>> job_queue::ids_of(result<redis_reply> reply) {
  if (!reply)
    return std::move(reply.error());
  std::vector<std::string> ids;
  for (size_t i = 0; i < (*reply)->elements; ++i)
    ids.emplace_back(text_in_reply(**reply, i));
  return ids;
}

namespace {

void add_leases(const renew_leases& what, std::vector<std::string>& args) {
  for (size_t i = 0; i < what.leases.size(); ++i) {
    args.push_back(what.leases[i].job_id);
    args.push_back(what.leases[i].token);
    args.push_back(std::to_string(what.attempts[i]));
  }
}

} // namespace

result<std::vector<std::string>> job_queue::renew(const renew_leases& what,
                                                  int64_t now) {
  std::vector<std::string> args{keys_.base(),
                                std::to_string(settings_.lock_duration.count()),
                                std::to_string(now)};
  add_leases(what, args);
  return ids_of(connection_.script("renew_locks.lua", as_views(args)));
}

result<std::vector<std::string>>
job_queue::recover_stalled(int64_t now, const renew_leases& running) {
  std::vector<std::string> args{
    keys_.base(), std::to_string(now),
    std::to_string(settings_.stalled_interval.count()),
    std::to_string(settings_.max_stalled),
    std::to_string(settings_.lock_duration.count())};
  add_leases(running, args);
  return ids_of(connection_.script("recover_stalled.lua", as_views(args)));
}

result<std::vector<std::string>>
job_queue::return_orphans(const std::string& token_prefix,
                          const std::vector<std::string>& running,
                          int64_t now) {
  std::vector<std::string> args{keys_.base(), std::to_string(now),
                                token_prefix};
  args.insert(args.end(), running.begin(), running.end());
  return ids_of(connection_.script("return_orphans.lua", as_views(args)));
}

namespace {

std::vector<std::string> add_arguments(const std::string& base,
                                       const std::vector<new_job>& jobs,
                                       int64_t now) {
  std::vector<std::string> args{base, std::to_string(now)};
  args.reserve(args.size() + 7 * jobs.size());
  for (const auto& x : jobs) {
    args.push_back(x.id);
    args.push_back(x.name);
    args.push_back(x.data);
    args.push_back(x.options);
    args.push_back(std::to_string(x.delay_ms));
    args.push_back(std::to_string(x.priority));
    args.emplace_back(x.lifo ? "1" : "0");
  }
  return args;
}

} // namespace

/// Redis answers the id of a job that was there already as a list of its own.
result<std::vector<std::string>>
job_queue::added_ids(result<redis_reply> reply) {
  existed_ = 0;
  if (!reply)
    return std::move(reply.error());
  std::vector<std::string> ids;
  for (size_t i = 0; i < (*reply)->elements; ++i) {
    const auto& entry = *(*reply)->element[i];
    auto is_old = entry.type == REDIS_REPLY_ARRAY && entry.elements == 1;
    existed_ += is_old ? 1 : 0;
    ids.emplace_back(text_of(is_old ? *entry.element[0] : entry));
  }
  return ids;
}

result<std::vector<std::string>>
job_queue::add(const std::vector<new_job>& jobs, int64_t now) {
  return added_ids(connection_.script(
    "add_job.lua", as_views(add_arguments(keys_.base(), jobs, now))));
}

status job_queue::send_add(const std::vector<new_job>& jobs, int64_t now) {
  return connection_.send_script(
    "add_job.lua", as_views(add_arguments(keys_.base(), jobs, now)));
}

result<std::vector<std::string>> job_queue::receive_ids() {
  return added_ids(connection_.receive());
}

result<bool> job_queue::wait_for_marker(int64_t deadline, int64_t now,
                                        const wake_signal& wake) {
  // Redis takes seconds with fractions; less than 2 ms may block forever.
  auto left = std::max<int64_t>(deadline - now, 2);
  auto seconds = std::to_string(static_cast<double>(left) / 1000.0);
  auto marker = keys_.marker();
  auto reply = connection_.call_interruptible(
    {"BZPOPMIN", marker, seconds}, std::chrono::milliseconds{left}, wake);
  if (!reply)
    return std::move(reply.error());
  if ((*reply)->type != REDIS_REPLY_ARRAY || (*reply)->elements < 3)
    return false;
  // Member "1" only tells when the next delayed job is due.
  auto due = static_cast<int64_t>(
    std::strtod(std::string{text_in_reply(**reply, 2)}.c_str(), nullptr));
  if (text_in_reply(**reply, 1) == "0" || due <= now)
    return true;
  return false;
}

status job_queue::restore_marker() {
  auto set = connection_.call({"ZADD", keys_.marker(), "0", "0"});
  if (!set)
    return std::move(set.error());
  return ok;
}

status job_queue::set_paused(bool is_paused) {
  auto changed = connection_.script("pause_queue.lua",
                                    {keys_.base(), is_paused ? "1" : "0"});
  if (!changed)
    return std::move(changed.error());
  return ok;
}

result<std::string> job_queue::field(const std::string& job_id,
                                     const std::string& name) {
  auto key = keys_.job(job_id);
  auto reply = connection_.call({"HGET", key, name});
  if (!reply)
    return std::move(reply.error());
  return std::string{text_of(**reply)};
}

} // namespace darkroom
