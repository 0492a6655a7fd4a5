/// Whether a queue exists, and which one was probably meant.
#include "config/nearest.hpp"
#include "services/redis/queue_admin.hpp"
#include "services/redis/queue_names.hpp"

namespace darkroom {

namespace {

/// Limits a search for queues: Redis may hold millions of jobs, one key each.
constexpr uint32_t most_looks = 100;

} // namespace

status queue_admin::require_queue() {
  const std::string keys[]
    = {keys_.meta(),        keys_.counter(),         keys_.wait(),
       keys_.active(),      keys_.delayed(),         keys_.paused(),
       keys_.prioritized(), keys_.completed(),       keys_.failed(),
       keys_.events(),      keys_.waiting_children()};
  redis_command command{"EXISTS"};
  command.insert(command.end(), std::begin(keys), std::end(keys));
  auto found = connection_.call(command);
  if (!found)
    return std::move(found.error());
  if (number_of(**found) > 0)
    return ok;
  const auto& base = keys_.base();
  auto prefix = base.substr(0, base.size() - name_.size() - 2);
  auto others = queue_names(connection_, prefix, most_looks);
  return fail(ec::not_found,
              "there is no queue '" + name_ + "' in this Redis"
                + suggestion(name_,
                             others ? *others : std::vector<std::string>{}));
}

} // namespace darkroom
