/// `darkroom doctor`: how Redis is reached, and what its user may do.
#include "config/clock.hpp"
#include "nodes/doctor/doctor.hpp"
#include "services/redis/connection.hpp"
#include "services/redis/keys.hpp"
#include "services/redis/sentinel.hpp"
#include "services/tls/tls_client.hpp"
#include "services/tls/tls_files.hpp"

#include <set>

namespace darkroom {

namespace {

findings ask_each_sentinel(const redis_settings& redis) {
  findings out;
  std::set<std::string> masters;
  for (const auto& x : redis.sentinels) {
    auto answer = sentinel_client{redis, x}.find_master();
    if (!answer) {
      out.push_back({"redis sentinel", health::warn, answer.error().context,
                     "start it, or correct [redis] sentinels"});
      continue;
    }
    auto where = text_of(answer->master);
    masters.insert(where);
    finding said{
      "redis sentinel", health::ok,
      "Sentinel " + x + ": '" + redis.sentinel_master + "' is " + where, ""};
    if (!answer->has_quorum) {
      said.level = health::warn;
      said.text += ", but it does not reach enough other Sentinels";
      said.advice = "while too few of them reach each other, nobody replaces a "
                    "master that dies: redis-cli -p PORT sentinel ckquorum "
                    + redis.sentinel_master;
    }
    out.push_back(std::move(said));
  }
  if (masters.size() > 1)
    out.push_back({"redis sentinel", health::warn,
                   "the Sentinels do not agree which server is the master",
                   "wait until a failover is over, then ask again; if it stays "
                   "so, see SENTINEL MASTER on each"});
  return out;
}

finding judge_redis_expiry(const std::string& whose, int64_t until) {
  return judge_expiry({"redis tls", whose, until, public_soon_ms,
                       "renew it; a new file is read at the next connect, "
                       "without a restart"});
}

findings judge_tls(const redis_settings& redis, const tls_peer& peer) {
  findings out{judge_redis_expiry(peer.version + ", the certificate of "
                                    + peer.name + " is valid",
                                  peer.until_ms)};
  if (redis.tls_certificate.empty())
    return out;
  if (auto until = expiry_of(redis.tls_certificate))
    out.push_back(judge_redis_expiry(
      "our certificate '" + redis.tls_certificate + "' is valid", *until));
  return out;
}

/// Commands that change nothing, one for each rule of the ACL.
std::vector<std::vector<std::string>> harmless(const settings& config) {
  queue_keys keys{config.queue.prefix, config.queue.name};
  auto meta = keys.meta();
  auto channel = config.events.channel;
  return {
    {"HGET", meta, "paused"},
    {"HDEL", meta, "of darkroom doctor"},
    {"GET", keys.own() + "main"},
    {"EXISTS", channel_keys{channel}.ring()},
    {"EVAL", "return redis.call('EXISTS', ARGV[1])", "0", meta},
    {"CLIENT", "LIST", "ID", "1"},
    {"TIME"},
    {"SUBSCRIBE", channel},
  };
}

findings check_rights(const settings& config, redis_connection& redis) {
  for (const auto& x : harmless(config)) {
    auto answer = redis.call({x.begin(), x.end()});
    if (!answer && answer.error().context.find("NOPERM") != std::string::npos)
      return {{"redis user", health::fail, answer.error().context,
               "ACL SETUSER it as docs/redis-high-availability.md says"}};
  }
  return {{"redis user", health::ok,
           "'" + config.redis.username + "' may do what jobs need", ""}};
}

} // namespace

findings check_redis_link(const settings& config) {
  auto out = ask_each_sentinel(config.redis);
  redis_connection redis{config.redis};
  if (!redis.ensure())
    return out; // the check of the server says why
  if (auto peer = redis.peer())
    for (auto& x : judge_tls(config.redis, *peer))
      out.push_back(std::move(x));
  if (!config.redis.username.empty())
    for (auto& x : check_rights(config, redis))
      out.push_back(std::move(x));
  return out;
}

} // namespace darkroom
