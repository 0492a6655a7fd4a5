#include "services/redis/stored_job.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>
#include <cstdlib>

namespace darkroom {

bool is_job(const stored_job& read) {
  return std::any_of(read.fields.begin(), read.fields.end(), [](auto& x) {
    return x.first == "timestamp" || x.first == "ats";
  });
}

std::string_view field_of(const stored_job& job, std::string_view name) {
  for (const auto& [field, text] : job.fields)
    if (field == name)
      return text;
  return {};
}

int64_t number_of_field(const stored_job& job, std::string_view name) {
  return std::strtoll(std::string{field_of(job, name)}.c_str(), nullptr, 10);
}

result<std::vector<stored_job>> read_jobs(redis_connection& redis,
                                          const queue_keys& keys,
                                          const std::vector<std::string>& ids) {
  std::vector<stored_job> out;
  if (ids.empty())
    return out;
  std::vector<std::string> names;
  names.reserve(ids.size());
  for (const auto& id : ids)
    names.push_back(keys.job(id));
  std::vector<redis_command> commands;
  commands.reserve(ids.size());
  for (const auto& name : names)
    commands.push_back({"HGETALL", name});
  auto hashes = redis.pipeline(commands);
  if (!hashes)
    return std::move(hashes.error());
  for (size_t i = 0; i < ids.size(); ++i) {
    stored_job x{ids[i], {}};
    const auto& hash = (*hashes)[i];
    for (size_t k = 0; hash && k + 1 < hash->elements; k += 2)
      x.fields.emplace_back(text_of(*hash->element[k]),
                            text_of(*hash->element[k + 1]));
    out.push_back(std::move(x));
  }
  return out;
}

} // namespace darkroom
