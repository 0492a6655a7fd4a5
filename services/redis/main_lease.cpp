#include "services/redis/main_lease.hpp"

#include "services/json/json.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

std::string to_text(const lease_holder& x) {
  return write_json({{"node", x.node},
                     {"url", x.url},
                     {"bootId", x.boot_id},
                     {"machine", x.process.machine},
                     {"pid", x.process.pid},
                     {"started", x.process.started}});
}

lease_holder parse_lease_holder(const std::string& text) {
  auto parsed = parse_json(text);
  if (!parsed || !parsed->is_object())
    return {};
  lease_holder out;
  out.node = text_member(*parsed, "node");
  out.url = text_member(*parsed, "url");
  out.boot_id = text_member(*parsed, "bootId");
  out.process.machine = text_member(*parsed, "machine");
  out.process.started = text_member(*parsed, "started");
  auto pid = parsed->find("pid");
  if (pid != parsed->end() && pid->is_number_integer())
    out.process.pid = pid->get<int64_t>();
  return out;
}

result<lease_holder> find_active_main(const redis_settings& redis,
                                      const queue_settings& queue) {
  redis_connection connection{redis};
  auto key = queue_keys{queue.prefix, queue.name}.own() + "main";
  auto reply = connection.call({"GET", key});
  if (!reply)
    return std::move(reply.error());
  return parse_lease_holder(std::string{text_of(**reply)});
}

main_lease::main_lease(const redis_settings& redis, const queue_settings& queue,
                       const lease_holder& self,
                       std::chrono::milliseconds duration)
  : connection_(redis),
    keys_(queue.prefix, queue.name),
    self_(to_text(self)),
    duration_(duration) {}

result<lease_state> main_lease::look() {
  auto reply = connection_.call({"GET", keys_.own() + "main"});
  if (!reply)
    return std::move(reply.error());
  lease_state out;
  out.holder = text_of(**reply);
  // We hold it if the answer to our `take` was lost.
  out.is_free = out.holder.empty() || out.holder == self_
                || is_gone(parse_lease_holder(out.holder).process);
  return out;
}

result<lease_state> main_lease::take() {
  auto state = try_take({});
  if (!state || state->fence > 0 || state->holder.empty()
      || !is_gone(parse_lease_holder(state->holder).process))
    return state;
  return try_take(state->holder);
}

result<lease_state> main_lease::try_take(const std::string& dead) {
  auto reply = connection_.script(
    "take_lease.lua", {keys_.own(), self_, std::to_string(duration_.count()),
                       std::to_string(fence_), dead});
  if (!reply)
    return std::move(reply.error());
  if ((*reply)->type != REDIS_REPLY_ARRAY || (*reply)->elements != 3)
    return fail(ec::protocol, "take_lease.lua gave an unexpected reply");
  lease_state out;
  out.fence = static_cast<uint64_t>(number_of(*(*reply)->element[0]));
  out.holder = text_of(*(*reply)->element[1]);
  out.left_ms = number_of(*(*reply)->element[2]);
  if (out.fence > 0)
    fence_ = out.fence;
  return out;
}

status main_lease::release() {
  auto reply = connection_.script("release_lease.lua",
                                  {keys_.own(), self_, std::to_string(fence_)});
  if (!reply)
    return std::move(reply.error());
  return ok;
}

std::string main_lease::fence_key(uint64_t fence) const {
  return keys_.own() + "fence:" + std::to_string(fence);
}

} // namespace darkroom
