// The part of queue_admin that finds jobs by their data.
#include "services/redis/queue_admin.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

namespace {

constexpr int64_t page = 1000; // ids per read, which blocks Redis for some ms

} // namespace

result<std::vector<unfinished_job>>
queue_admin::unfinished_with(const std::string& text) {
  struct place {
    std::string key;
    bool is_list;
    bool is_active;
  };
  std::vector<unfinished_job> out;
  // Active comes last, so that jobs that start meanwhile are found there.
  for (const auto& from :
       {place{keys_.delayed(), false, false},
        place{keys_.waiting_children(), false, false},
        place{keys_.prioritized(), false, false},
        place{keys_.paused(), true, false}, place{keys_.wait(), true, false},
        place{keys_.active(), true, true}}) {
    for (int64_t first = 0;; first += page) {
      auto begin = std::to_string(first);
      auto end = std::to_string(first + page - 1);
      auto reply = connection_.call(
        {from.is_list ? "LRANGE" : "ZRANGE", from.key, begin, end});
      if (!reply)
        return std::move(reply.error());
      auto found = look_into(**reply, text, from.is_active, out);
      if (!found)
        return std::move(found.error());
      if ((*reply)->elements < static_cast<size_t>(page))
        break;
    }
  }
  return out;
}

status queue_admin::look_into(const redisReply& ids, const std::string& text,
                              bool is_active,
                              std::vector<unfinished_job>& out) {
  std::vector<std::string> names;
  names.reserve(ids.elements);
  for (size_t i = 0; i < ids.elements; ++i)
    names.push_back(keys_.job(text_of(*ids.element[i])));
  std::vector<redis_command> commands;
  commands.reserve(names.size());
  for (const auto& name : names)
    commands.push_back({"HGET", name, "data"});
  if (commands.empty())
    return ok;
  auto found = connection_.pipeline(commands);
  if (!found)
    return std::move(found.error());
  for (size_t i = 0; i < names.size(); ++i) {
    if (!(*found)[i]) // a marker, not a job
      continue;
    auto data = text_of(*(*found)[i]);
    if (data.find(text) != data.npos)
      out.push_back(
        {std::string{text_of(*ids.element[i])}, std::string{data}, is_active});
  }
  return ok;
}

} // namespace darkroom
