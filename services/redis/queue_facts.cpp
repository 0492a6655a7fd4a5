/// The facts that `queue_admin` tells about a queue beside its counts.
#include "services/redis/queue_admin.hpp"
#include "services/redis/queue_totals.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

namespace {

/// The names of the workers in an answer of CLIENT LIST.
/// @param ours what an unnamed worker of the queue calls itself
std::vector<std::string> workers_in(std::string_view clients,
                                    const std::string& ours) {
  std::vector<std::string> out;
  constexpr std::string_view mark = " name=";
  for (size_t at = 0; (at = clients.find(mark, at)) != clients.npos;) {
    at += mark.size();
    auto name = clients.substr(at, clients.find(' ', at) - at);
    if (name == ours)
      out.emplace_back();
    else if (name.starts_with(ours + ":w:"))
      out.emplace_back(name.substr(ours.size() + 3));
  }
  return out;
}

} // namespace

result<queue_facts> queue_admin::facts() {
  auto meta = keys_.meta();
  auto got = connection_.pipeline(
    {{"HMGET", meta, "paused", "concurrency", "max", "duration"},
     {"CLIENT", "LIST"}});
  if (!got)
    return std::move(got.error());
  for (const auto& reply : *got)
    if (!reply)
      return fail(ec::redis_refused, "Redis refused to list the queue's facts "
                                     "(is CLIENT LIST allowed?)");
  queue_facts out;
  const auto& settings = *(*got)[0];
  auto number = [&](size_t i) {
    return static_cast<uint32_t>(number_of(*settings.element[i]));
  };
  out.paused = settings.element[0]->type == REDIS_REPLY_STRING;
  out.concurrency = number(1);
  out.limit_max = number(2);
  out.limit_window = number(3);
  out.workers = workers_in(text_of(*(*got)[1]), keys_.client_name({}));
  auto oldest = oldest_waiting(connection_, keys_);
  if (!oldest)
    return std::move(oldest.error());
  out.oldest_waiting = *oldest;
  return out;
}

status queue_admin::set_limits(const fleet_limits& limits) {
  auto meta = keys_.meta();
  auto concurrency = std::to_string(limits.concurrency);
  auto max = std::to_string(limits.max);
  auto window = std::to_string(limits.window);
  auto marker = keys_.marker();
  std::vector<redis_command> commands;
  if (limits.concurrency > 0)
    commands.push_back({"HSET", meta, "concurrency", concurrency});
  else
    commands.push_back({"HDEL", meta, "concurrency"});
  if (limits.max > 0)
    commands.push_back({"HSET", meta, "max", max, "duration", window});
  else
    commands.push_back({"HDEL", meta, "max", "duration"});
  // Whoever waits for a job asks again, as there may be room now.
  commands.push_back({"ZADD", marker, "0", "0"});
  auto done = connection_.pipeline(commands);
  if (!done)
    return std::move(done.error());
  for (const auto& reply : *done)
    if (!reply)
      return fail(ec::redis_refused, "Redis refused to change the limits of "
                                     "queue '"
                                       + name_ + "'");
  return ok;
}

} // namespace darkroom
