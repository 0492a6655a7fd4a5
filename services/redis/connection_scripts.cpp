/// The connection's calls of embedded scripts.
#include "services/redis/connection.hpp"

#include "embedded/scripts.hpp"

namespace darkroom {

result<std::string> redis_connection::sha_of(std::string_view name) {
  if (auto known = shas_.find(name); known != shas_.end())
    return known->second;
  using namespace embedded::scripts;
  for (const auto* file = files; file->name != nullptr; ++file) {
    if (name != file->name)
      continue;
    auto loaded = call({"SCRIPT", "LOAD", {file->content, file->size}});
    if (!loaded)
      return std::move(loaded.error());
    return shas_[std::string{name}] = std::string{text_of(**loaded)};
  }
  return fail(ec::internal, "no script '" + std::string{name} + "'");
}

status redis_connection::prepare(std::string_view name) {
  auto sha = sha_of(name);
  if (!sha)
    return std::move(sha.error());
  return ok;
}

namespace {

redis_command script_call(const std::string& sha, const std::string& fence,
                          const std::vector<std::string_view>& args) {
  redis_command command{"EVALSHA", sha, fence.empty() ? "0" : "1"};
  if (!fence.empty())
    command.push_back(fence);
  command.insert(command.end(), args.begin(), args.end());
  return command;
}

} // namespace

result<redis_reply>
redis_connection::script(std::string_view name,
                         const std::vector<std::string_view>& args) {
  for (int attempt = 0;; ++attempt) {
    auto sha = sha_of(name);
    if (!sha)
      return std::move(sha.error());
    auto reply = call(script_call(*sha, fence_, args));
    if (reply || attempt > 0 || reply.error().code != ec::redis_refused
        || reply.error().context.rfind("NOSCRIPT", 0) != 0)
      return reply;
    shas_.clear(); // Redis restarted or was flushed: load again
  }
}

status
redis_connection::send_script(std::string_view name,
                              const std::vector<std::string_view>& args) {
  auto sha = sha_of(name);
  if (!sha)
    return std::move(sha.error());
  return send(script_call(*sha, fence_, args));
}

} // namespace darkroom
