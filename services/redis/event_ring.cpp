#include "services/redis/event_ring.hpp"

#include "services/random/random_id.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <charconv>

namespace darkroom {

namespace {

/// Entries per read. Each has the events of up to a hundred jobs.
constexpr auto ring_entries_a_read = "100";
constexpr size_t most_ring_entries = 100;

/// How much later than the first one another listener may hear an event: the
/// longest that a main node hangs before another one takes its place, and some.
constexpr auto heard_ms = "15000";

/// So many events a reader may fall behind in a burst without a gap.
constexpr uint32_t least_events = 1000;

/// A count in a reply; somebody else may have written what is no count.
uint64_t count_in(const redisReply& list, size_t index) {
  return static_cast<uint64_t>(
    std::max<int64_t>(0, number_in_reply(list, index)));
}

/// The time in an entry's id, "<number of its first event>-<ms>".
int64_t kept_at(std::string_view id) {
  int64_t out = 0;
  auto dash = id.find('-');
  if (dash != id.npos)
    std::from_chars(id.data() + dash + 1, id.data() + id.size(), out);
  return out;
}

void add_texts(std::vector<std::string_view>& args,
               const std::vector<std::string>& texts) {
  args.insert(args.end(), texts.begin(), texts.end());
}

} // namespace

event_ring::event_ring(const redis_settings& redis, std::string channel,
                       uint32_t length)
  : redis_(redis),
    channel_(std::move(channel)),
    keys_(channel_),
    length_(std::to_string(std::max(length, least_events))),
    publisher_(random_id()) {}

status event_ring::publish(const std::vector<std::string>& texts, int64_t now) {
  auto time = std::to_string(now);
  auto number = std::to_string(call_);
  std::vector<std::string_view> args{keys_.own(), channel_,   time,
                                     length_,     publisher_, number};
  add_texts(args, texts);
  auto done = redis_.script("publish_events.lua", args);
  if (done || done.error().code == ec::redis_refused)
    ++call_;
  if (!done)
    return std::move(done.error());
  return ok;
}

status event_ring::record(const std::vector<std::string>& texts, int64_t now,
                          const std::string& listener) {
  auto time = std::to_string(now);
  std::vector<std::string_view> args{keys_.own(), channel_, time,
                                     length_,     listener, heard_ms};
  add_texts(args, texts);
  auto done = redis_.script("record_events.lua", args);
  if (!done)
    return std::move(done.error());
  return ok;
}

result<uint64_t> event_ring::newest() {
  auto place = keys_.place();
  auto reply = redis_.call({"HGET", place, "last"});
  if (!reply)
    return std::move(reply.error());
  return static_cast<uint64_t>(std::max<int64_t>(0, number_of(**reply)));
}

void event_ring::go_on_after(uint64_t number, int64_t at) {
  last_ = number;
  last_at_ = at;
  skip_to_ = 0;
  last_id_.clear();
}

/// Whether the entry that was read last is gone, but older ones are not.
result<bool> event_ring::is_replaced() {
  auto ring = keys_.ring();
  auto replies = redis_.pipeline({{"XRANGE", ring, last_id_, last_id_},
                                  {"XRANGE", ring, "-", "+", "COUNT", "1"}});
  if (!replies)
    return std::move(replies.error());
  const auto& same = (*replies)[0];
  const auto& oldest = (*replies)[1];
  if (!same || !oldest || same->elements > 0 || oldest->elements == 0)
    return false;
  return count_in(*oldest->element[0], 0) <= last_;
}

/// @param is_empty whether nothing of the ring that was read is left
ring_news event_ring::start_anew(bool is_empty) {
  skip_to_ = is_empty ? 0 : last_at_;
  last_ = 0;
  last_id_.clear();
  born_.clear();
  ring_news out;
  out.is_other = true;
  out.has_more = true;
  return out;
}

void event_ring::take(const redisReply& entries, ring_news& out) {
  out.has_more = entries.elements == most_ring_entries;
  auto seen = last_;
  for (size_t i = 0; i < entries.elements; ++i) {
    const auto& entry = *entries.element[i];
    if (entry.elements < 2)
      continue;
    last_id_ = text_of(*entry.element[0]);
    auto number = count_in(entry, 0);
    last_at_ = kept_at(last_id_);
    const auto& fields = *entry.element[1];
    for (size_t k = 0; k + 1 < fields.elements; k += 2, ++number) {
      last_ = std::max(last_, number);
      if (number <= seen || last_at_ <= skip_to_)
        continue;
      skip_to_ = 0;
      out.events.push_back({number, last_at_,
                            std::string{text_of(*fields.element[k + 1])},
                            text_of(*fields.element[k]) == "f"});
    }
  }
}

result<ring_news> event_ring::next() {
  if (is_unsure_ && !last_id_.empty()) {
    auto replaced = is_replaced();
    if (!replaced)
      return std::move(replaced.error());
    is_unsure_ = false;
    if (*replaced)
      return start_anew(false);
  }
  is_unsure_ = false;
  auto ring = keys_.ring();
  auto place = keys_.place();
  // A place that was told may be in the middle of an entry.
  auto back = last_id_.empty() ? std::min<uint64_t>(last_, most_texts) : 0;
  auto from = std::to_string(last_ + 1 - back);
  auto replies = redis_.pipeline(
    {{"HMGET", place, "last", "born"},
     {"XRANGE", ring, from, "+", "COUNT", ring_entries_a_read}});
  if (!replies)
    return std::move(replies.error());
  const auto& now = (*replies)[0];
  const auto& entries = (*replies)[1];
  if (!now || !entries)
    return fail(ec::redis_refused, "Redis refused to read the ring of events: "
                                   "a key of another program has its name, or "
                                   "the user of [redis] may not read it");
  auto born = std::string{text_in_reply(*now, 1)};
  auto is_same = born_.empty() || born == born_;
  if (!is_same || count_in(*now, 0) < last_)
    return start_anew(!is_same);
  born_ = std::move(born);
  ring_news out;
  take(*entries, out);
  return out;
}

} // namespace darkroom
