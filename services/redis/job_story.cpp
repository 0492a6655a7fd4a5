#include "services/redis/job_story.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace darkroom {

namespace {

constexpr auto most_children = "100"; // per kind
constexpr size_t most_family = 100;   // a scan may give more than asked for
constexpr size_t most_story = 200;
constexpr size_t most_told = 10000; // entries of the stream: about 50 ms
constexpr auto told_slice = "1000";

std::string field_text(const stored_job& job, std::string_view name) {
  return std::string{field_of(job, name)};
}

using text_pairs = std::vector<std::pair<std::string, std::string>>;

/// The list of an answer of SCAN; each odd entry is a value if it is a hash.
text_pairs scanned(const redisReply& reply) {
  text_pairs out;
  if (reply.elements < 2)
    return out;
  const auto& list = *reply.element[1];
  for (size_t i = 0; i + 1 < list.elements && out.size() < most_family; i += 2)
    out.emplace_back(text_in_reply(list, i), text_in_reply(list, i + 1));
  return out;
}

std::vector<std::string> texts_in(const redisReply& list) {
  std::vector<std::string> out;
  for (size_t i = 0; i < list.elements && out.size() < most_family; ++i)
    out.emplace_back(text_in_reply(list, i));
  return out;
}

/// An entry of the stream if it is about the job.
bool read_entry(const redisReply& entry, const std::string& id,
                story_entry& out) {
  if (entry.elements < 2)
    return false;
  auto is_ours = false;
  const auto& fields = *entry.element[1];
  for (size_t i = 0; i + 1 < fields.elements; i += 2) {
    auto name = text_in_reply(fields, i);
    auto value = text_in_reply(fields, i + 1);
    if (name == "jobId")
      is_ours = value == id;
    else if (name == "event")
      out.what = value;
    else if (name == "prev" || name == "delay" || name == "failedReason")
      if (out.note.empty() || name == "failedReason")
        out.note = value;
  }
  out.at = std::strtoll(std::string{text_in_reply(entry, 0)}.c_str(), nullptr,
                        10);
  return is_ours;
}

/// What the hash says about a time that the stream has lost.
void add_if_missing(std::vector<story_entry>& story, int64_t at,
                    const char* what, std::string note) {
  auto is_there = std::any_of(story.begin(), story.end(),
                              [&](const auto& x) { return x.what == what; });
  if (at > 0 && !is_there)
    story.push_back({at, what, std::move(note)});
}

} // namespace

result<job_family> family_of(redis_connection& redis, const queue_keys& keys,
                             const stored_job& job) {
  const auto key = keys.job(job.id);
  const std::string names[] = {key + ":processed", key + ":dependencies",
                               key + ":failed", key + ":unsuccessful"};
  // BullMQ keeps failed children in a sorted set, and in a hash those that the
  // parent ignores.
  auto got = redis.pipeline({{"HLEN", names[0]},
                             {"SCARD", names[1]},
                             {"ZCARD", names[3]},
                             {"HLEN", names[2]},
                             {"HSCAN", names[0], "0", "COUNT", most_children},
                             {"SSCAN", names[1], "0", "COUNT", most_children},
                             {"ZRANGE", names[3], "0", "99"},
                             {"HSCAN", names[2], "0", "COUNT", most_children}});
  if (!got)
    return std::move(got.error());
  job_family out;
  out.parent_key = field_text(job, "parentKey");
  auto count = [&](size_t i) {
    return (*got)[i] ? static_cast<uint64_t>(number_of(*(*got)[i])) : 0;
  };
  out.processed_count = count(0);
  out.unprocessed_count = count(1);
  out.failed_count = count(2);
  out.ignored_count = count(3);
  if ((*got)[4])
    out.processed = scanned(*(*got)[4]);
  if ((*got)[5] && (*got)[5]->elements == 2)
    out.unprocessed = texts_in(*(*got)[5]->element[1]);
  if ((*got)[6])
    out.failed = texts_in(*(*got)[6]);
  if ((*got)[7])
    out.ignored = scanned(*(*got)[7]);
  return out;
}

result<std::vector<story_entry>> story_of(redis_connection& redis,
                                          const queue_keys& keys,
                                          const stored_job& job) {
  auto stream = keys.events();
  auto from
    = std::to_string(std::max<int64_t>(0, number_of_field(job, "timestamp")));
  std::string to = "+";
  std::vector<story_entry> out;
  for (size_t read = 0; read < most_told && out.size() < most_story;) {
    auto reply
      = redis.call({"XREVRANGE", stream, to, from, "COUNT", told_slice});
    if (!reply)
      return std::move(reply.error());
    auto count = (*reply)->elements;
    for (size_t i = 0; i < count && out.size() < most_story; ++i) {
      story_entry x;
      if (read_entry(*(*reply)->element[i], job.id, x))
        out.push_back(std::move(x));
    }
    if (count < 1000 || (!out.empty() && out.back().what == "added"))
      break;
    read += count;
    to = "(" + std::string{text_in_reply(*(*reply)->element[count - 1], 0)};
  }
  std::reverse(out.begin(), out.end());
  if (out.size() < most_story) {
    add_if_missing(out, number_of_field(job, "timestamp"), "added", {});
    add_if_missing(out, number_of_field(job, "processedOn"), "active", {});
    auto ended = number_of_field(job, "finishedOn");
    auto reason = field_text(job, "failedReason");
    add_if_missing(out, ended, reason.empty() ? "completed" : "failed", reason);
    std::stable_sort(out.begin(), out.end(),
                     [](const auto& a, const auto& b) { return a.at < b.at; });
  }
  return out;
}

} // namespace darkroom
