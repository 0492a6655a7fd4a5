#include "nodes/standby.hpp"

#include "config/defaults.hpp"
#include "nodes/command.hpp"
#include "nodes/signals.hpp"
#include "services/http/http_server.hpp"
#include "services/json/json.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <vector>

namespace darkroom {

namespace {

/// What the probes are told. Thread-safe.
class standby_view {
public:
  void update(const result<lease_state>& seen) {
    std::lock_guard guard{mutex_};
    failure_ = seen ? std::string{} : seen.error().context;
    if (seen)
      active_ = parse_lease_holder(seen->holder);
  }

  http_response readiness() const {
    std::lock_guard guard{mutex_};
    if (!failure_.empty())
      return error_response(503, "not_ready", failure_);
    auto out = json_response(
      503,
      write_json({{"status", "standby"},
                  {"role", "standby"},
                  {"active", {{"name", active_.node}, {"url", active_.url}}}}));
    out.headers.emplace_back("Retry-After", "1");
    return out;
  }

  http_response refusal() const {
    std::lock_guard guard{mutex_};
    auto hint = active_.url.empty() ? "ask the active one, " + active_.node
                                    : "ask the active one, " + active_.url;
    return error_response(503, "standby",
                          "this main node stands by for another one", hint);
  }

private:
  mutable std::mutex mutex_;
  std::string failure_; ///< of the last look; empty: none
  lease_holder active_;
};

/// HTTP of a standby.
class standby_server {
public:
  explicit standby_server(const http_settings& settings) : server_(settings) {
    server_.route(
      "GET", "/livez",
      [](const http_request&) {
        return json_response(200, R"({"status":"alive","role":"standby"})");
      },
      http_lane::instant);
    server_.route(
      "GET", "/readyz",
      [this](const http_request&) { return view_.readiness(); },
      http_lane::probe);
    for (const char* method : {"GET", "POST", "DELETE"})
      server_.route(method, "/{path...}",
                    [this](const http_request&) { return view_.refusal(); });
  }

  status start() {
    return server_.start();
  }

  std::string url(const std::string& bind) const {
    return "http://" + bind + ":" + std::to_string(server_.port());
  }

  void update(const result<lease_state>& seen) {
    view_.update(seen);
  }

private:
  standby_view view_;
  http_server server_; // first to go: its handlers use the view
};

} // namespace

result<taken_lease> wait_for_lease(main_lease& lease, const settings& config) {
  std::unique_ptr<standby_server> server;
  std::string active;
  for (;;) {
    auto seen = lease.take();
    if (seen && seen->fence > 0) {
      if (server)
        spdlog::info("takes over as the active main node (fence {})",
                     seen->fence);
      auto before = parse_lease_holder(active);
      return taken_lease{seen->fence,
                         !active.empty() && !is_gone(before.process)};
    }
    if (!server) {
      server = std::make_unique<standby_server>(config.http);
      if (config.http.enabled)
        if (auto started = server->start(); !started)
          return std::move(started.error());
      say("standing by at " + server->url(config.http.bind));
    }
    server->update(seen);
    if (seen && seen->holder != active) {
      active = seen->holder;
      spdlog::info("standing by: the active main node is {}",
                   parse_lease_holder(active).node);
    }
    if (is_told_to_stop(standby_poll))
      return taken_lease{};
  }
}

void start_anew() {
  std::ifstream file{"/proc/self/cmdline", std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, {}};
  std::vector<char*> arguments;
  for (size_t at = 0; at < text.size(); at += std::string{&text[at]}.size() + 1)
    arguments.push_back(&text[at]);
  arguments.push_back(nullptr);
  // No port, file or connection is taken along.
  std::error_code failure;
  for (const auto& x :
       std::filesystem::directory_iterator{"/proc/self/fd", failure}) {
    auto fd = std::atoi(x.path().filename().c_str());
    if (fd > STDERR_FILENO)
      fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  execv("/proc/self/exe", arguments.data());
  spdlog::critical("cannot start anew: leaving");
  _exit(exit_failed);
}

} // namespace darkroom
