#include "services/redis/server_facts.hpp"

#include "services/redis/connection.hpp"
#include "services/redis/info_value.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

result<redis_facts> ask_redis_facts(const redis_settings& settings,
                                    const std::function<int64_t()>& now) {
  redis_connection redis{settings};
  auto info = redis.call({"INFO"});
  if (!info)
    return std::move(info.error());
  redis_facts out;
  out.place = redis.place();
  auto text = text_of(**info);
  out.version = info_value(text, "redis_version");
  out.eviction_policy = info_value(text, "maxmemory_policy");
  out.aof = info_value(text, "aof_enabled");
  auto before = now();
  auto time = redis.call({"TIME"});
  auto after = now();
  if (!time)
    return std::move(time.error());
  if ((*time)->elements != 2)
    return fail(ec::redis_refused, "Redis answers TIME without a time");
  auto there = number_of(*(*time)->element[0]) * 1000
               + number_of(*(*time)->element[1]) / 1000;
  out.round_trip = after - before;
  out.clock_ahead = there - (before + after) / 2;
  // Hosted servers may refuse CONFIG; only this fact needs it.
  auto fsync = redis.call({"CONFIG", "GET", "appendfsync"});
  if (fsync && (*fsync)->elements == 2)
    out.fsync = text_of(*(*fsync)->element[1]);
  return out;
}

} // namespace darkroom
