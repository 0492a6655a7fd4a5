#include "services/redis/sentinel.hpp"

#include "services/redis/connection.hpp"

#include <hiredis/hiredis.h>

#include <algorithm>

namespace darkroom {

namespace {

/// A healthy one answers within 10 ms, and there are others to ask.
constexpr std::chrono::milliseconds sentinel_patience{500};

redis_settings settings_for(const redis_settings& all, const endpoint& where) {
  auto out = all;
  out.host = where.host;
  out.port = where.port;
  out.username = all.sentinel_username;
  out.password = all.sentinel_password;
  out.database = 0;
  out.sentinels.clear();
  out.connect_timeout = std::min(all.connect_timeout, sentinel_patience);
  out.command_timeout = std::min(all.command_timeout, sentinel_patience);
  return out;
}

} // namespace

sentinel_client::sentinel_client(const redis_settings& settings,
                                 const std::string& sentinel)
  : where_(sentinel),
    master_(settings.sentinel_master) {
  // The settings were checked.
  auto where = parse_endpoint(sentinel);
  connection_ = std::make_unique<redis_connection>(
    settings_for(settings, where ? *where : endpoint{sentinel, 0}), "",
    server_kind::sentinel);
}

sentinel_client::~sentinel_client() = default;
sentinel_client::sentinel_client(sentinel_client&&) noexcept = default;
sentinel_client&
sentinel_client::operator=(sentinel_client&&) noexcept = default;

result<sentinel_answer> sentinel_client::find_master() {
  auto replies
    = connection_->pipeline({{"SENTINEL", "get-master-addr-by-name", master_},
                             {"SENTINEL", "ckquorum", master_}});
  if (!replies && replies.error().code == ec::redis_refused)
    return fail(ec::redis_refused, "Sentinel at " + where_
                                     + " refuses: " + replies.error().context);
  if (!replies)
    return std::move(replies.error());
  const auto* address = replies->front().get();
  if (address == nullptr || address->elements != 2)
    return fail(ec::redis_refused,
                "Sentinel at " + where_ + " knows no master '" + master_
                  + "': [redis] sentinel_master is its name there");
  sentinel_answer out;
  out.master.host = text_in_reply(*address, 0);
  out.master.port = static_cast<uint16_t>(number_in_reply(*address, 1));
  out.has_quorum = replies->back() != nullptr;
  return out;
}

} // namespace darkroom
