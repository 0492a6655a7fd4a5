#include "services/redis/queue_names.hpp"

#include "services/redis/glob.hpp"

#include <hiredis/hiredis.h>

#include <string_view>

namespace darkroom {

result<std::vector<std::string>> queue_names(redis_connection& redis,
                                             const std::string& prefix,
                                             uint32_t most_looks) {
  constexpr std::string_view end = ":meta";
  const auto begin = prefix + ":";
  const auto pattern = glob_literal(begin) + "*" + std::string{end};
  const auto count = std::to_string(keys_a_look);
  std::vector<std::string> out;
  std::string cursor = "0";
  for (uint32_t i = 0; i < most_looks; ++i) {
    auto reply = redis.call({"SCAN", cursor, "MATCH", pattern, "COUNT", count});
    if (!reply)
      return std::move(reply.error());
    if ((*reply)->elements < 2)
      return fail(ec::protocol, "SCAN gave an unexpected reply");
    const auto& keys = *(*reply)->element[1];
    for (size_t k = 0; k < keys.elements; ++k) {
      auto key = text_of(*keys.element[k]);
      auto name = key.substr(begin.size(),
                             key.size() - begin.size() - end.size());
      if (name.find(':') == name.npos) // else it is a job's key
        out.emplace_back(name);
    }
    cursor = text_of(*(*reply)->element[0]);
    if (cursor == "0")
      break;
  }
  return out;
}

} // namespace darkroom
