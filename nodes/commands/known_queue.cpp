#include "nodes/commands/known_queue.hpp"

#include "services/redis/queue_admin.hpp"

#include <cstdlib>

namespace darkroom {

bool is_queue_asked_for(const loaded_settings& loaded) {
  auto origin = loaded.from.find("queue.name");
  return origin != loaded.from.end() && origin->second.starts_with("flag");
}

settings load_queue_or_exit(const command_flags& flags) {
  auto loaded = flags.load_or_exit();
  if (is_queue_asked_for(loaded)) {
    queue_admin admin{loaded.values.redis, loaded.values.queue};
    if (auto known = admin.require_queue(); !known)
      std::exit(report(known.error()));
  }
  return std::move(loaded.values);
}

} // namespace darkroom
