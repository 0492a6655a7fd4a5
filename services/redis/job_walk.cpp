#include "services/redis/job_walk.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <charconv>
#include <optional>

namespace darkroom {

namespace {

constexpr uint64_t most_walked = 10000; // jobs per page: about 100 ms
constexpr uint32_t walk_slice = 200;    // jobs per round trip

/// Where a walk stands: behind this job.
struct walk_place {
  std::string place; ///< a score; or in a list, the jobs that were passed
  std::string id;
};

/// "17:job-1" of a list, "1764484000000:job-1" of a sorted set.
result<walk_place> parse_cursor(const std::string& text) {
  auto colon = text.find(':');
  double number = 0;
  auto end = text.data() + std::min(colon, text.size());
  auto [stop, failed] = std::from_chars(text.data(), end, number);
  if (colon == text.npos || failed != std::errc{} || stop != end)
    return fail(ec::bad_input, "'" + text.substr(0, 60)
                                 + "' is not a cursor: take `next` of the page "
                                   "before");
  return walk_place{text.substr(0, colon), text.substr(colon + 1)};
}

std::string cursor_text(const walk_place& at) {
  return at.place + ":" + at.id;
}

/// Reads the ids of one state from a cursor on.
class id_reader {
public:
  virtual ~id_reader() = default;
  /// @param from moves behind the last id
  /// @returns up to `count` ids; none at the end
  virtual result<std::vector<walk_place>>
  read(std::optional<walk_place>& from, uint32_t count) = 0;
};

/// `wait` and `paused` run from their right end, `active` is shown from the
/// left.
class list_reader final : public id_reader {
public:
  list_reader(redis_connection& redis, std::string key, bool from_right)
    : redis_(redis),
      key_(std::move(key)),
      from_right_(from_right) {}

  result<std::vector<walk_place>> read(std::optional<walk_place>& from,
                                       uint32_t count) override {
    auto passed = from ? passed_by(*from) : result<int64_t>{0};
    if (!passed)
      return std::move(passed.error());
    auto first = *passed;
    auto last = first + count - 1;
    if (from_right_)
      std::tie(first, last) = std::make_pair(-last - 1, -first - 1);
    auto begin = std::to_string(first), end = std::to_string(last);
    auto reply = redis_.call({"LRANGE", key_, begin, end});
    if (!reply)
      return std::move(reply.error());
    std::vector<walk_place> out;
    for (size_t i = 0; i < (*reply)->elements; ++i)
      out.push_back({{}, std::string{text_in_reply(**reply, i)}});
    if (from_right_)
      std::reverse(out.begin(), out.end());
    for (auto& x : out)
      x.place = std::to_string(++*passed);
    if (!out.empty())
      from = out.back();
    return out;
  }

private:
  /// How many jobs come before the cursor's successor now. If its job has left
  /// the list, those before it most likely have, too.
  result<int64_t> passed_by(const walk_place& from) {
    auto found
      = redis_.call({"LPOS", key_, from.id, "RANK", from_right_ ? "-1" : "1"});
    if (!found)
      return std::move(found.error());
    if ((*found)->type != REDIS_REPLY_INTEGER)
      return int64_t{0};
    auto index = number_of(**found);
    if (!from_right_)
      return index + 1;
    auto length = redis_.call({"LLEN", key_});
    if (!length)
      return std::move(length.error());
    return std::max<int64_t>(0, number_of(**length) - index);
  }

  redis_connection& redis_;
  std::string key_;
  bool from_right_;
};

/// Equal scores come in the order of the ids.
class set_reader final : public id_reader {
public:
  /// @param first the score to begin with, @param last the one to end with
  set_reader(redis_connection& redis, std::string key, bool newest_first,
             std::string first, std::string last)
    : redis_(redis),
      key_(std::move(key)),
      newest_first_(newest_first),
      first_(std::move(first)),
      last_(std::move(last)) {}

  result<std::vector<walk_place>> read(std::optional<walk_place>& from,
                                       uint32_t count) override {
    auto size = std::to_string(count);
    for (uint64_t skip = 0;; skip += count) {
      auto offset = std::to_string(skip);
      auto begin = from ? std::string_view{from->place} : first_;
      auto reply = redis_.call(
        {newest_first_ ? "ZREVRANGEBYSCORE" : "ZRANGEBYSCORE", key_, begin,
         last_, "WITHSCORES", "LIMIT", offset, size});
      if (!reply)
        return std::move(reply.error());
      std::vector<walk_place> out;
      for (size_t i = 0; i + 1 < (*reply)->elements; i += 2) {
        walk_place x{std::string{text_in_reply(**reply, i + 1)},
                     std::string{text_in_reply(**reply, i)}};
        if (!from || follows(x, *from))
          out.push_back(std::move(x));
      }
      if (!out.empty())
        from = out.back();
      if (!out.empty() || (*reply)->elements < size_t{2} * count)
        return out;
    }
  }

private:
  bool follows(const walk_place& x, const walk_place& from) const {
    if (x.place != from.place)
      return true;
    return newest_first_ ? x.id < from.id : x.id > from.id;
  }

  redis_connection& redis_;
  std::string key_;
  bool newest_first_;
  std::string first_;
  std::string last_;
};

result<std::unique_ptr<id_reader>> reader_of(job_queue& queue,
                                             const walk_request& what) {
  auto& redis = queue.connection();
  const auto& keys = queue.keys();
  const auto& state = what.state;
  auto list = [&](std::string key, bool from_right) {
    return std::unique_ptr<id_reader>{
      std::make_unique<list_reader>(redis, std::move(key), from_right)};
  };
  auto set = [&](std::string key) {
    return std::unique_ptr<id_reader>{std::make_unique<set_reader>(
      redis, std::move(key), false, "-inf", "+inf")};
  };
  // The score of a finished job is when it ended.
  auto finished = [&](std::string key) {
    const auto& times = what.filter;
    return std::unique_ptr<id_reader>{std::make_unique<set_reader>(
      redis, std::move(key), true,
      times.older_than ? std::to_string(times.older_than) : "+inf",
      times.newer_than ? std::to_string(times.newer_than) : "-inf")};
  };
  if (state == "waiting")
    return list(keys.wait(), true);
  if (state == "paused")
    return list(keys.paused(), true);
  if (state == "active")
    return list(keys.active(), false);
  if (state == "prioritized")
    return set(keys.prioritized());
  if (state == "delayed")
    return set(keys.delayed());
  if (state == "waiting-children")
    return set(keys.waiting_children());
  if (state == "completed")
    return finished(keys.completed());
  if (state == "failed")
    return finished(keys.failed());
  return fail(ec::bad_input, "unknown state '" + state + "'");
}

} // namespace

const std::vector<std::string>& walked_states() {
  static const std::vector<std::string> names{"waiting",          "active",
                                              "prioritized",      "delayed",
                                              "completed",        "failed",
                                              "waiting-children", "paused"};
  return names;
}

result<walk_page> walk_jobs(job_queue& queue, const walk_request& what) {
  auto reader = reader_of(queue, what);
  if (!reader)
    return std::move(reader.error());
  std::optional<walk_place> at;
  if (!what.cursor.empty()) {
    auto parsed = parse_cursor(what.cursor);
    if (!parsed)
      return std::move(parsed.error());
    at = std::move(*parsed);
  }
  walk_page out;
  while (out.read < most_walked) {
    auto wanted = what.limit - static_cast<uint32_t>(out.jobs.size());
    auto count = what.filter.is_set() ? walk_slice
                                      : std::min(walk_slice, wanted + 1);
    auto before = at;
    auto places = (*reader)->read(at, count);
    if (!places)
      return std::move(places.error());
    if (places->empty())
      return out;
    std::vector<std::string> ids;
    ids.reserve(places->size());
    for (const auto& x : *places)
      ids.push_back(x.id);
    auto jobs = read_jobs(queue.connection(), queue.keys(), ids);
    if (!jobs)
      return std::move(jobs.error());
    for (size_t i = 0; i < jobs->size(); ++i) {
      if (out.jobs.size() == what.limit) { // there is another one
        out.next = cursor_text(i > 0 ? (*places)[i - 1] : *before);
        return out;
      }
      ++out.read;
      auto& job = (*jobs)[i];
      // An id without a hash is a marker, or a job that was just removed.
      if (is_job(job) && what.filter.fits(job) && what.filter.fits_time(job))
        out.jobs.push_back(std::move(job));
    }
  }
  out.next = cursor_text(*at);
  return out;
}

} // namespace darkroom
