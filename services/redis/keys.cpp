#include "services/redis/keys.hpp"

#include "services/text/base64.hpp"

namespace darkroom {

queue_keys::queue_keys(std::string_view prefix, std::string_view queue)
  : prefix_(prefix),
    queue_(queue) {
  base_ = prefix_ + ":" + queue_ + ":";
  own_ = "darkroom:" + base_;
}

std::string queue_keys::job(std::string_view id) const {
  return base_ + std::string{id};
}

std::string queue_keys::lock(std::string_view id) const {
  return job(id) + ":lock";
}

std::string queue_keys::logs(std::string_view id) const {
  return job(id) + ":logs";
}

std::string queue_keys::events() const {
  return base_ + "events";
}

std::string queue_keys::marker() const {
  return base_ + "marker";
}

std::string queue_keys::counter() const {
  return base_ + "id";
}

std::string queue_keys::meta() const {
  return base_ + "meta";
}

std::string queue_keys::wait() const {
  return base_ + "wait";
}

std::string queue_keys::paused() const {
  return base_ + "paused";
}

std::string queue_keys::active() const {
  return base_ + "active";
}

std::string queue_keys::prioritized() const {
  return base_ + "prioritized";
}

std::string queue_keys::delayed() const {
  return base_ + "delayed";
}

std::string queue_keys::completed() const {
  return base_ + "completed";
}

std::string queue_keys::failed() const {
  return base_ + "failed";
}

std::string queue_keys::waiting_children() const {
  return base_ + "waiting-children";
}

std::string queue_keys::cluster() const {
  return own_ + "cluster";
}

std::string queue_keys::client_name(std::string_view worker_name) const {
  auto name = prefix_ + ":" + to_base64(queue_);
  if (!worker_name.empty())
    name += ":w:" + std::string{worker_name};
  return name;
}

channel_keys::channel_keys(std::string_view channel)
  : own_("darkroom:{" + std::string{channel} + "}:") {}

std::string channel_keys::ring() const {
  return own_ + "ring";
}

std::string channel_keys::place() const {
  return own_ + "place";
}

} // namespace darkroom
