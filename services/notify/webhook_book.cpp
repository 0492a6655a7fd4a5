#include "services/notify/webhook_book.hpp"

#include "services/json/json.hpp"
#include "services/redis/job_options.hpp"

#include <hiredis/hiredis.h>

#include <optional>

namespace darkroom {

namespace {

using nlohmann::json;

constexpr uint64_t most_waiting = 10000; // one KB each
constexpr auto last_dead = "999";        // index of the oldest dead letter kept

std::string text_of_call(const webhook_call& x) {
  json out{{"body", x.body},
           {"attempts", x.attempts},
           {"since", x.since},
           {"why", x.why}};
  if (!x.trace.empty())
    out["trace"] = x.trace;
  return write_json(out);
}

webhook_call call_of(std::string_view id, std::string_view text) {
  webhook_call out;
  out.id = id;
  auto value = parse_json(text);
  if (!value || !value->is_object())
    return out;
  out.body = text_member(*value, "body");
  out.attempts = value->value("attempts", json{}).is_number_unsigned()
                   ? (*value)["attempts"].get<uint32_t>()
                   : 0;
  out.since = value->value("since", json{}).is_number_integer()
                ? (*value)["since"].get<int64_t>()
                : 0;
  out.why = text_member(*value, "why");
  out.trace = text_member(*value, "trace");
  return out;
}

std::optional<webhook_call> call_in_letter(std::string_view letter) {
  auto value = parse_json(letter);
  if (!value || !value->is_object())
    return std::nullopt;
  return call_of(text_member(*value, "id"), text_member(*value, "call"));
}

status as_status(const result<redis_reply>& reply) {
  if (!reply)
    return error{reply.error()};
  return ok;
}

result<uint64_t> as_count(const result<redis_reply>& reply) {
  if (!reply)
    return error{reply.error()};
  return static_cast<uint64_t>(number_of(**reply));
}

} // namespace

webhook_book::webhook_book(const redis_settings& redis,
                           const queue_settings& queue)
  : connection_(redis),
    keys_(queue.prefix, queue.name),
    own_(keys_.own()) {}

std::string webhook_book::trace_of(const std::string& job_id) {
  auto options = connection_.call({"HGET", keys_.job(job_id), "opts"});
  return options ? trace_carrier(text_of(**options)) : std::string{};
}

status webhook_book::add(const std::string& body, int64_t now,
                         const std::string& trace) {
  auto count = waiting();
  if (!count)
    return std::move(count.error());
  if (*count >= most_waiting) {
    auto oldest = connection_.call({"ZPOPMIN", own_ + "webhooks:due", "1"});
    if (!oldest)
      return std::move(oldest.error());
    auto dropped = as_status(connection_.call(
      {"HDEL", own_ + "webhooks", text_in_reply(**oldest, 0)}));
    if (!dropped)
      return dropped;
  }
  auto id = connection_.call({"INCR", own_ + "webhooks:id"});
  if (!id)
    return std::move(id.error());
  webhook_call call;
  call.id = std::to_string(number_of(**id));
  call.body = body;
  call.since = now;
  call.trace = trace;
  return put_off(call, now);
}

result<std::vector<webhook_call>>
webhook_book::take(uint32_t most, int64_t now,
                   std::chrono::milliseconds again) {
  auto reply = connection_.script(
    "take_webhooks.lua", {own_, std::to_string(now), std::to_string(most),
                          std::to_string(again.count())});
  if (!reply)
    return std::move(reply.error());
  std::vector<webhook_call> out;
  for (size_t i = 0; i + 1 < (*reply)->elements; i += 2)
    out.push_back(
      call_of(text_in_reply(**reply, i), text_in_reply(**reply, i + 1)));
  return out;
}

status webhook_book::settle(const webhook_call& call) {
  auto removed
    = as_status(connection_.call({"ZREM", own_ + "webhooks:due", call.id}));
  if (!removed)
    return removed;
  return as_status(connection_.call({"HDEL", own_ + "webhooks", call.id}));
}

status webhook_book::put_off(const webhook_call& call, int64_t until) {
  auto text = text_of_call(call);
  auto kept
    = as_status(connection_.call({"HSET", own_ + "webhooks", call.id, text}));
  if (!kept)
    return kept;
  return as_status(connection_.call(
    {"ZADD", own_ + "webhooks:due", std::to_string(until), call.id}));
}

status webhook_book::bury(const webhook_call& call, int64_t now) {
  auto letter = write_json(
    {{"id", call.id}, {"call", text_of_call(call)}, {"died", now}});
  auto kept
    = as_status(connection_.call({"LPUSH", own_ + "webhooks:dead", letter}));
  if (!kept)
    return kept;
  auto trimmed = as_status(
    connection_.call({"LTRIM", own_ + "webhooks:dead", "0", last_dead}));
  return trimmed ? settle(call) : trimmed;
}

result<int64_t> webhook_book::next_due() {
  auto first = connection_.call(
    {"ZRANGE", own_ + "webhooks:due", "0", "0", "WITHSCORES"});
  if (!first)
    return std::move(first.error());
  return number_in_reply(**first, 1);
}

result<uint64_t> webhook_book::waiting() {
  return as_count(connection_.call({"ZCARD", own_ + "webhooks:due"}));
}

result<redis_reply> webhook_book::letters() {
  return connection_.call({"LRANGE", own_ + "webhooks:dead", "0", last_dead});
}

result<std::vector<webhook_call>> webhook_book::dead() {
  auto list = letters();
  if (!list)
    return std::move(list.error());
  std::vector<webhook_call> out;
  for (size_t i = 0; i < (*list)->elements; ++i)
    if (auto call = call_in_letter(text_in_reply(**list, i)))
      out.push_back(std::move(*call));
  return out;
}

result<uint64_t> webhook_book::revive(int64_t now) {
  auto list = letters();
  if (!list)
    return std::move(list.error());
  uint64_t count = 0;
  for (size_t i = 0; i < (*list)->elements; ++i) {
    auto letter = text_in_reply(**list, i);
    if (auto call = call_in_letter(letter)) {
      call->attempts = 0;
      if (auto noted = put_off(*call, now); !noted)
        return std::move(noted.error());
      ++count;
    }
    // One by one: a letter that came meanwhile stays.
    auto removed = as_status(
      connection_.call({"LREM", own_ + "webhooks:dead", "1", letter}));
    if (!removed)
      return std::move(removed.error());
  }
  return count;
}

result<uint64_t> webhook_book::clear() {
  auto count = as_count(connection_.call({"LLEN", own_ + "webhooks:dead"}));
  if (!count)
    return count;
  auto removed = as_status(connection_.call({"DEL", own_ + "webhooks:dead"}));
  if (!removed)
    return std::move(removed.error());
  return count;
}

} // namespace darkroom
