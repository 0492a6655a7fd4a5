#include "services/redis/cluster_id.hpp"

#include "services/random/random_id.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"

#include <utility>

namespace darkroom {

namespace {

/// @returns an empty id if there is none yet
result<std::string> read_id(redis_connection& connection,
                            const std::string& key) {
  auto reply = connection.call({"GET", key});
  if (!reply)
    return std::move(reply.error());
  return std::string{text_of(**reply)};
}

} // namespace

result<std::string> cluster_id(const redis_settings& redis,
                               const queue_settings& queue) {
  redis_connection connection{redis};
  auto key = queue_keys{queue.prefix, queue.name}.cluster();
  auto known = read_id(connection, key); // also works when memory is full
  if (!known || !known->empty())
    return known;
  auto made = connection.call({"SET", key, random_id(), "NX"});
  if (!made)
    return std::move(made.error());
  known = read_id(connection, key);
  if (known && known->empty())
    return fail(ec::protocol, "Redis does not keep '" + key + "'");
  return known;
}

} // namespace darkroom
