#include "services/redis/queue_history.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

constexpr int64_t hour_ms = 3600000;
constexpr int64_t fine_kept = 2 * hour_ms;
constexpr int64_t most_course_points = 360;
constexpr size_t points_a_read = 2000;
constexpr auto points_a_read_text = "2000";

/// The fields of an entry, in this order.
constexpr const char* point_fields[] = {"w", "a", "d", "c", "f"};

history_point to_point(const redisReply& fields) {
  uint64_t got[std::size(point_fields)] = {};
  for (size_t i = 0; i + 1 < fields.elements; i += 2) {
    auto name = text_of(*fields.element[i]);
    for (size_t k = 0; k < std::size(point_fields); ++k)
      if (name == point_fields[k])
        got[k] = static_cast<uint64_t>(
          std::max<int64_t>(0, number_in_reply(fields, i + 1)));
  }
  return {got[0], got[1], got[2], got[3], got[4]};
}

/// Whole minutes, or `fine`.
int64_t step_of(uint32_t hours) {
  auto least = hours * hour_ms / most_course_points;
  auto fine = int64_t{queue_history::fine.count()};
  auto coarse = int64_t{queue_history::coarse.count()};
  return least <= fine ? fine : (least + coarse - 1) / coarse * coarse;
}

void merge(std::optional<history_point>& into, const history_point& next) {
  auto before = into.value_or(history_point{});
  into = next;
  into->completed += before.completed;
  into->failed += before.failed;
}

} // namespace

queue_history::queue_history(redis_connection& redis, const queue_keys& keys,
                             uint32_t days)
  : redis_(redis),
    fine_key_(keys.own() + "history:fine"),
    coarse_key_(keys.own() + "history:coarse"),
    kept_(std::chrono::hours{24} * days) {}

status queue_history::add(const std::string& key, int64_t oldest,
                          const history_point& x) {
  auto least = std::to_string(std::max<int64_t>(oldest, 0));
  const std::string values[]
    = {std::to_string(x.waiting), std::to_string(x.active),
       std::to_string(x.delayed), std::to_string(x.completed),
       std::to_string(x.failed)};
  redis_command command{"XADD", key, "MINID", "~", least, "*"};
  for (size_t i = 0; i < std::size(values); ++i) {
    command.emplace_back(point_fields[i]);
    command.emplace_back(values[i]);
  }
  auto added = redis_.call(command);
  if (!added)
    return std::move(added.error());
  return ok;
}

status queue_history::note(const history_point& now, int64_t at) {
  auto done = add(fine_key_, at - fine_kept, now);
  if (!done)
    return done;
  auto completed = minute_.completed + now.completed;
  auto failed = minute_.failed + now.failed;
  minute_ = now;
  minute_.completed = completed;
  minute_.failed = failed;
  if (++noted_ < coarse / fine)
    return ok;
  if (add(coarse_key_, at - kept_.count(), minute_)) {
    noted_ = 0;
    minute_ = {};
  }
  return ok;
}

status queue_history::fill(const std::string& key, queue_course& out) {
  auto from = std::to_string(std::max<int64_t>(out.from, 0));
  for (auto is_end = false; !is_end;) {
    auto got
      = redis_.call({"XRANGE", key, from, "+", "COUNT", points_a_read_text});
    if (!got)
      return std::move(got.error());
    const auto& entries = **got;
    for (size_t i = 0; i < entries.elements; ++i) {
      const auto& entry = *entries.element[i];
      if (entry.elements < 2)
        continue;
      from = "(" + std::string{text_in_reply(entry, 0)};
      auto at = number_in_reply(entry, 0) - out.from; // an id begins with ms
      auto place = static_cast<size_t>(at / out.step);
      if (at >= 0 && place < out.points.size())
        merge(out.points[place], to_point(*entry.element[1]));
    }
    is_end = entries.elements < points_a_read;
  }
  return ok;
}

result<queue_course> queue_history::read(uint32_t hours, int64_t now) {
  queue_course out;
  out.step = step_of(hours);
  out.from = (now - hours * hour_ms) / out.step * out.step;
  out.points.resize(static_cast<size_t>((now - out.from) / out.step + 1));
  const auto& key = out.step < coarse.count() ? fine_key_ : coarse_key_;
  if (auto done = fill(key, out); !done)
    return std::move(done.error());
  return out;
}

} // namespace darkroom
