/// `job_queue::step`: how a step is written for step.lua, and its answer read.
#include "services/redis/job_options.hpp"
#include "services/redis/job_queue.hpp"
#include "services/redis/limits_text.hpp"
#include "services/redis/settlement_text.hpp"
#include "services/redis/slots_text.hpp"

#include <hiredis/hiredis.h>
#include <spdlog/spdlog.h>

#include <span>
#include <utility>

namespace darkroom {

namespace {

/// Updates per script, which blocks Redis for about 5 ms.
constexpr size_t most_updates = 1000;
constexpr size_t most_update_bytes = 1 << 20;

using updates_view = std::span<const job_update>;

/// Field order as HMGET in lib_claim.lua.
job read_job(std::string_view id, const std::string& token,
             const redisReply& fields) {
  job x;
  x.id = id;
  x.token = token;
  x.name = text_in_reply(fields, 0);
  x.data = text_in_reply(fields, 1);
  x.options = parse_job_options(text_in_reply(fields, 2));
  x.trace = trace_carrier(text_in_reply(fields, 2));
  x.timestamp = number_in_reply(fields, 3);
  x.attempt = static_cast<uint32_t>(number_in_reply(fields, 4));
  x.attempts_made = static_cast<uint32_t>(number_in_reply(fields, 5));
  x.priority = static_cast<uint32_t>(number_in_reply(fields, 6));
  x.deferred_failure = text_in_reply(fields, 7);
  x.lost = static_cast<uint32_t>(number_in_reply(fields, 8));
  x.codec_deaths = static_cast<uint32_t>(number_in_reply(fields, 9));
  return x;
}

store_reply read_step(const redisReply& reply, const store_step& step) {
  store_reply out;
  out.statuses.assign(step.settle.size(), 0);
  const auto& statuses = *reply.element[0];
  for (size_t i = 0; i < statuses.elements && i < out.statuses.size(); ++i)
    out.statuses[i] = static_cast<uint8_t>(number_in_reply(statuses, i));
  out.next_due = number_in_reply(reply, 1);
  out.limited_until = number_in_reply(reply, 2);
  if (auto dropped = number_in_reply(reply, 3); dropped > 0)
    spdlog::warn(
      "job_queue dropped {} ids from the queue: no job is kept under them",
      dropped);
  const auto& aside = *reply.element[4];
  for (size_t i = 0; i < aside.elements; ++i)
    out.set_aside.emplace_back(text_in_reply(aside, i));
  auto waiting = static_cast<uint32_t>(number_in_reply(reply, 5));
  for (size_t i = first_claimed; i + 1 < reply.elements; i += 2) {
    auto taken = read_job(text_in_reply(reply, i), step.token,
                          *reply.element[i + 1]);
    taken.waiting = waiting;
    out.jobs.push_back(std::move(taken));
  }
  return out;
}

/// How many of these updates one script may write: at least one.
size_t first_slice(updates_view updates) {
  size_t count = 0;
  size_t bytes = 0;
  for (const auto& x : updates) {
    bytes += x.value.size();
    if (count > 0 && (count == most_updates || bytes > most_update_bytes))
      break;
    ++count;
  }
  return count;
}

} // namespace

result<redis_reply> job_queue::call_step(updates_view updates,
                                         const store_step& rest, int64_t now) {
  std::vector<std::string> args{
    keys_.base(),
    keys_.own(),
    std::to_string(now),
    std::to_string(rest.claim),
    std::to_string(settings_.lock_duration.count()),
    rest.token,
    settings_.worker_name,
    std::to_string(settings_.limit_max),
    std::to_string(settings_.limit_window.count()),
    std::to_string(settings_.metrics_points),
    has_limits(context_.resources) ? "1" : "0",
    limits_text_,
    slots_text(rest.groups, !context_.unknown_wait),
    std::to_string(settings_.unknown_recheck.count()),
    std::to_string(updates.size())};
  args.reserve(args.size() + 4 * updates.size() + 6 * rest.settle.size());
  for (const auto& x : updates) {
    args.push_back(x.job_id);
    args.emplace_back(x.is_log ? "log" : "progress");
    args.push_back(x.value);
    args.push_back(std::to_string(x.keep_logs));
  }
  for (const auto& x : rest.settle)
    append_settlement(x, args);
  auto reply = connection_.script("step.lua", {args.begin(), args.end()});
  if (reply
      && ((*reply)->type != REDIS_REPLY_ARRAY
          || (*reply)->elements < first_claimed))
    return fail(ec::protocol, "step.lua gave an unexpected reply");
  return reply;
}

result<store_reply> job_queue::step(const store_step& step, int64_t now) {
  follow_limits();
  updates_view left{step.updates};
  auto slice = first_slice(left);
  for (; slice < left.size(); slice = first_slice(left)) {
    auto written = call_step(left.first(slice), {}, now);
    if (!written)
      return std::move(written.error());
    left = left.subspan(slice);
  }
  if (left.empty() && step.settle.empty() && step.claim == 0)
    return store_reply{};
  auto reply = call_step(left, step, now);
  if (!reply)
    return std::move(reply.error());
  if (auto advanced = advance_schedulers(**reply, now); !advanced)
    return std::move(advanced.error());
  return read_step(**reply, step);
}

} // namespace darkroom
