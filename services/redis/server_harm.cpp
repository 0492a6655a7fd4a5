#include "services/redis/server_harm.hpp"

#include "services/net/loopback.hpp"
#include "services/redis/info_value.hpp"

#include <hiredis/hiredis.h>

#include <charconv>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

/// The sockets that listen on a port of this machine, with their names in
/// /proc: "socket:[4711]".
std::set<std::string> listeners_on(uint16_t port) {
  std::set<std::string> out;
  char wanted[8];
  std::snprintf(wanted, sizeof wanted, ":%04X", port);
  for (const char* table : {"/proc/net/tcp", "/proc/net/tcp6"}) {
    std::ifstream file{table};
    std::string line;
    std::getline(file, line); // skip the column titles
    while (std::getline(file, line)) {
      std::istringstream words{line};
      std::string slot, local, remote, state, skip, inode;
      words >> slot >> local >> remote >> state;
      for (int i = 0; i < 5; ++i)
        words >> skip; // queues, timer, retransmissions, user, timeout
      words >> inode;
      if (state == "0A" && local.ends_with(wanted))
        out.insert("socket:[" + inode + "]");
    }
  }
  return out;
}

bool holds_one_of(int64_t pid, const std::set<std::string>& sockets) {
  std::error_code gone, closed;
  auto folder = "/proc/" + std::to_string(pid) + "/fd";
  for (fs::directory_iterator at{folder, gone}, end; !gone && at != end;
       at.increment(gone))
    if (sockets.count(fs::read_symlink(at->path(), closed).string()) > 0)
      return true;
  return false;
}

bool is_redis_server(int64_t pid) {
  std::ifstream file{"/proc/" + std::to_string(pid) + "/comm"};
  std::string name;
  std::getline(file, name);
  return name.starts_with("redis-server");
}

} // namespace

result<uint64_t> kill_clients(redis_connection& redis) {
  uint64_t killed = 0;
  for (const char* kind : {"normal", "pubsub"}) {
    auto reply = redis.call({"CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes"});
    if (!reply)
      return std::move(reply.error());
    killed += static_cast<uint64_t>(number_of(**reply));
  }
  return killed;
}

status pause_writes(redis_connection& redis,
                    std::chrono::milliseconds duration) {
  // Not ALL: that would also hold back the command that ends the pause.
  auto ms = std::to_string(duration.count());
  auto reply = redis.call({"CLIENT", "PAUSE", ms, "WRITE"});
  if (!reply)
    return std::move(reply.error());
  return ok;
}

status resume_writes(redis_connection& redis) {
  auto reply = redis.call({"CLIENT", "UNPAUSE"});
  if (!reply)
    return std::move(reply.error());
  return ok;
}

result<process_identity> server_process(redis_connection& redis,
                                        const endpoint& where) {
  if (!is_loopback(where.host))
    return fail(ec::not_found, "Redis at " + where.host
                                 + " is not on this machine's loopback");
  auto info = redis.call({"INFO", "server"});
  if (!info)
    return std::move(info.error());
  auto text = info_value(text_of(**info), "process_id");
  int64_t pid = 0;
  std::from_chars(text.data(), text.data() + text.size(), pid);
  if (pid <= 1 || !is_redis_server(pid)
      || !holds_one_of(pid, listeners_on(where.port)))
    return fail(ec::not_found, "process " + text
                                 + ", as INFO calls it, is not a redis-server "
                                   "on port "
                                 + std::to_string(where.port)
                                 + " that this user may look at");
  return identity_of(pid);
}

} // namespace darkroom
