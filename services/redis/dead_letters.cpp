#include "services/redis/dead_letters.hpp"

namespace darkroom {

namespace {

constexpr uint32_t page_size = 200;

} // namespace

status
each_dead(queue_admin& queue, const job_filter& filter, bool newest_first,
          int64_t now,
          const std::function<result<visited>(const stored_job&)>& visit) {
  dead_page page;
  page.newer_than = filter.newer_than;
  page.older_than = filter.older_than > 0 ? filter.older_than : now;
  page.newest_first = newest_first;
  page.count = page_size;
  for (;;) {
    auto jobs = queue.dead(page);
    if (!jobs)
      return std::move(jobs.error());
    if (jobs->empty())
      return ok;
    for (const auto& x : *jobs) {
      // An id without a hash stays in the set, so it must count as passed.
      auto is_whole = !x.fields.empty();
      auto what = is_whole && filter.fits(x) ? visit(x) : visited::kept;
      if (!what)
        return std::move(what.error());
      if (*what == visited::last)
        return ok;
      if (*what == visited::kept)
        ++page.offset;
    }
  }
}

} // namespace darkroom
