#include "services/redis/connection.hpp"

#include <hiredis/hiredis.h>

namespace darkroom {

redis_connection::redis_connection(redis_settings settings,
                                   std::string client_name, server_kind kind)
  : settings_(std::move(settings)),
    locator_(settings_),
    place_{{settings_.host, settings_.port}, {}},
    client_name_(std::move(client_name)),
    kind_(kind) {}

redis_connection::~redis_connection() = default;
redis_connection::redis_connection(redis_connection&&) noexcept = default;
redis_connection&
redis_connection::operator=(redis_connection&&) noexcept = default;

void redis_connection::close() {
  socket_.reset();
}

std::optional<tls_peer> redis_connection::peer() const {
  return socket_ ? socket_->peer() : std::nullopt;
}

status redis_connection::ensure() {
  if (socket_ && socket_->has_ended())
    close();
  return connect();
}

status redis_connection::connect() {
  if (socket_)
    return ok;
  auto opened = open();
  if (!opened)
    return opened;
  auto greeted = greet();
  if (!greeted)
    close();
  return greeted;
}

status redis_connection::open() {
  auto place = locator_.find();
  if (!place)
    return std::move(place.error());
  place_ = *std::move(place);
  auto opened = redis_socket::open(settings_, place_.where);
  if (!opened)
    return broken("connecting", opened.error());
  socket_.emplace(*std::move(opened));
  reader_.reset(redisReaderCreate());
  unsent_.clear();
  has_answered_ = false;
  return ok;
}

status redis_connection::greet() {
  std::vector<redis_command> hello;
  auto database = std::to_string(settings_.database);
  if (!settings_.username.empty())
    hello.push_back({"AUTH", settings_.username, settings_.password});
  else if (!settings_.password.empty())
    hello.push_back({"AUTH", settings_.password});
  if (settings_.database != 0)
    hello.push_back({"SELECT", database});
  if (!client_name_.empty())
    hello.push_back({"CLIENT", "SETNAME", client_name_});
  for (const auto& command : hello)
    if (auto answer = ask(command); !answer)
      return std::move(answer.error());
  return place_.sentinel.empty() ? ok : check_role();
}

status redis_connection::check_role() {
  auto role = ask({"ROLE"});
  if (!role)
    return std::move(role.error());
  if (auto is = text_in_reply(**role, 0); is != "master")
    return demoted("its role is " + std::string{is});
  return ok;
}

result<redis_reply> redis_connection::call(const redis_command& command) {
  auto ready = ensure();
  if (!ready)
    return std::move(ready.error());
  return ask(command);
}

result<std::vector<redis_reply>>
redis_connection::pipeline(const std::vector<redis_command>& commands) {
  auto ready = ensure();
  if (!ready)
    return std::move(ready.error());
  for (const auto& command : commands)
    append(command);
  if (auto sent = flush(); !sent)
    return std::move(sent.error());
  std::vector<redis_reply> replies;
  std::vector<error> refused;
  for (size_t i = 0; i < commands.size(); ++i) {
    auto reply = read_reply();
    if (!reply && reply.error().code == ec::redis_unavailable)
      return std::move(reply.error());
    if (!reply)
      refused.push_back(std::move(reply.error()));
    replies.push_back(reply ? std::move(*reply) : redis_reply{});
  }
  if (!refused.empty() && refused.size() == commands.size())
    return std::move(refused.front());
  return replies;
}

result<redis_reply> redis_connection::receive() {
  if (!socket_)
    return broken("waiting for an answer", fail(ec::timed_out, "no answer"));
  return read_reply();
}

} // namespace darkroom
