/// Whether a queue exists, and which one was probably meant.
#include "config/nearest.hpp"
#include "services/redis/glob.hpp"
#include "services/redis/queue_admin.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

namespace {

/// Limits a search for queues: Redis may hold millions of jobs, one key each.
constexpr int most_looks = 100;
constexpr auto keys_a_look = "1000";

/// The names of queues under a prefix, as far as a short search finds them.
std::vector<std::string> queues_under(redis_connection& redis,
                                      const std::string& prefix) {
  constexpr std::string_view end = ":meta";
  std::vector<std::string> out;
  auto pattern = glob_literal(prefix) + "*" + std::string{end};
  std::string cursor = "0";
  for (int i = 0; i < most_looks; ++i) {
    auto reply
      = redis.call({"SCAN", cursor, "MATCH", pattern, "COUNT", keys_a_look});
    if (!reply || (*reply)->elements < 2)
      break;
    const auto& keys = *(*reply)->element[1];
    for (size_t k = 0; k < keys.elements; ++k) {
      auto key = text_of(*keys.element[k]);
      out.emplace_back(
        key.substr(prefix.size(), key.size() - prefix.size() - end.size()));
    }
    cursor = text_of(*(*reply)->element[0]);
    if (cursor == "0")
      break;
  }
  return out;
}

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
  auto prefix = base.substr(0, base.size() - name_.size() - 1);
  return fail(ec::not_found,
              "there is no queue '" + name_ + "' in this Redis"
                + suggestion(name_, queues_under(connection_, prefix)));
}

} // namespace darkroom
