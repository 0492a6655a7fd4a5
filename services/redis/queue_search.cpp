// The part of queue_admin that finds jobs by their data.
#include "services/redis/queue_admin.hpp"

#include <set>
#include <utility>

namespace darkroom {

result<std::vector<unfinished_job>>
queue_admin::unfinished_with(const std::string& text) {
  std::vector<unfinished_job> out;
  std::set<std::string> seen; // the census may give a job twice
  auto done = census_.each(name_, [&](queued_jobs& jobs) -> status {
    for (auto& x : jobs)
      if (x.data.find(text) != std::string::npos && seen.insert(x.id).second)
        out.push_back({std::move(x.id), std::move(x.data), x.is_active});
    return ok;
  });
  if (!done)
    return std::move(done.error());
  return out;
}

} // namespace darkroom
