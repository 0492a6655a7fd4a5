#include "services/redis/redis_locator.hpp"

#include "services/redis/sentinel.hpp"

#include <algorithm>
#include <optional>

namespace darkroom {

std::string text_of(const redis_place& place) {
  auto out = text_of(place.where);
  return place.sentinel.empty()
           ? out
           : out + ", the master by Sentinel " + place.sentinel;
}

redis_locator::redis_locator(const redis_settings& settings)
  : settings_(settings) {}

result<redis_place> redis_locator::find() {
  auto& sentinels = settings_.sentinels;
  if (sentinels.empty())
    return redis_place{{settings_.host, settings_.port}, {}};
  std::optional<redis_place> doubtful;
  std::string failures;
  for (auto x = sentinels.begin(); x != sentinels.end(); ++x) {
    auto answer = sentinel_client{settings_, *x}.find_master();
    if (!answer) {
      failures += "; " + answer.error().context;
      continue;
    }
    redis_place found{answer->master, *x};
    if (answer->has_quorum) {
      std::rotate(sentinels.begin(), x, x + 1);
      return found;
    }
    if (!doubtful)
      doubtful = found;
  }
  if (doubtful)
    return *doubtful;
  return fail(ec::redis_unavailable, "no Sentinel says where the master '"
                                       + settings_.sentinel_master + "' is"
                                       + failures);
}

} // namespace darkroom
