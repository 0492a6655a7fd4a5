#include "nodes/standby.hpp"

#include "config/defaults.hpp"
#include "nodes/cluster/main_trial.hpp"
#include "nodes/command.hpp"
#include "nodes/main_api.hpp"
#include "nodes/reload.hpp"
#include "nodes/signals.hpp"
#include "services/http/http_server.hpp"
#include "services/json/json.hpp"
#include "services/metrics/process_gauges.hpp"

#include <fcntl.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <mutex>
#include <vector>

namespace darkroom {

namespace {

using clock = std::chrono::steady_clock;

/// How long a starting main node waits for its port. The previous one gives
/// back the lease before it has closed everything.
constexpr std::chrono::seconds port_patience{5};

/// The answers to probes. Thread-safe.
class standby_view {
public:
  /// @param trial whether this process could take over
  void update(const result<lease_state>& seen, const status& trial) {
    std::lock_guard guard{mutex_};
    failure_ = !seen ? seen.error().context
               : !trial
                 ? "this standby cannot take over: " + trial.error().context
                 : std::string{};
    hint_ = seen ? "it tries again every few seconds" : "";
    if (seen)
      active_ = parse_lease_holder(seen->holder);
  }

  http_response readiness() const {
    std::lock_guard guard{mutex_};
    nlohmann::json facts{{"status", failure_.empty() ? "standby" : "not ready"},
                         {"role", "standby"},
                         {"active",
                          {{"name", active_.node}, {"url", active_.url}}}};
    if (!failure_.empty())
      facts["error"]
        = {{"code", "not_ready"}, {"message", failure_}, {"hint", hint_}};
    auto out = json_response(503, write_json(facts));
    out.headers.emplace_back("Retry-After", "1");
    return out;
  }

  http_response refusal() const {
    std::lock_guard guard{mutex_};
    if (active_.node.empty())
      return error_response(503, "standby",
                            "this main node stands by, and none is active",
                            "/readyz says why; start another main node");
    auto hint = active_.url.empty() ? "ask the active one, " + active_.node
                                    : "ask the active one, " + active_.url;
    return error_response(503, "standby",
                          "this main node stands by for another one", hint);
  }

private:
  mutable std::mutex mutex_;
  std::string failure_; ///< of the last look; empty: it worked
  std::string hint_;
  lease_holder active_;
};

/// The HTTP server of a standby.
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
    server_.route(
      "GET", "/metrics", [this](const http_request&) { return show_metrics(); },
      http_lane::probe);
    for (const char* method : {"GET", "POST", "PUT", "PATCH", "DELETE"})
      server_.route(method, "/{path...}",
                    [this](const http_request&) { return view_.refusal(); });
  }

  status start() {
    return server_.start();
  }

  std::string url(const http_settings& http) const {
    return server_url(http, server_.port());
  }

  void update(const result<lease_state>& seen, const status& trial) {
    view_.update(seen, trial);
    counted_.set(gauge::redis_up, {}, seen ? 1 : 0);
  }

private:
  http_response show_metrics() {
    counted_.set(gauge::main_active, {}, 0);
    measure_process(counted_);
    http_response out;
    out.content_type = metrics_content_type;
    out.body = counted_.text();
    return out;
  }

  standby_view view_;
  metrics counted_;
  http_server server_; // destroyed first: its handlers use the view
};

/// Takes the lease once it is free and this process could start.
class candidate {
public:
  candidate(main_lease& lease, const settings& config)
    : lease_(lease),
      config_(config),
      trial_(config) {}

  /// Takes the lease if it is free and this process could start.
  result<lease_state> look() {
    auto seen = lease_.look();
    if (!seen)
      return seen;
    auto now = clock::now();
    if (!seen->is_free)
      free_since_ = now;
    auto is_here = !seen->is_free
                   && parse_lease_holder(seen->holder).process.machine
                        == this_process().machine;
    able_ = trial_.look(seen->is_free, is_here, now);
    if (!seen->is_free || !may_take(now))
      return seen;
    return lease_.take();
  }

  /// The newest result on whether this process could start.
  const status& able() const {
    return able_;
  }

  /// Whether there is no active main node and the start would fail.
  bool is_hopeless(const result<lease_state>& seen) const {
    return is_blocked(seen) && able_.error().code != ec::catalog_unavailable
           && !waits_for_port(seen);
  }

  /// Whether there is no active main node and the cluster's port may soon be
  /// free.
  bool waits_for_port(const result<lease_state>& seen) const {
    return is_blocked(seen) && able_.error().code == ec::conflict
           && clock::now() - started_ < port_patience;
  }

  /// Logs which main node is active, when that changes.
  void note(const result<lease_state>& seen) {
    if (!seen || seen->holder == active_)
      return;
    active_ = seen->holder;
    if (!active_.empty())
      last_ = active_;
    spdlog::info("standing by: {}", active_.empty()
                                      ? "no main node is active"
                                      : "the active main node is "
                                          + parse_lease_holder(active_).node);
  }

  /// The last active one did not end, but was silent: see `taken_lease`.
  bool was_silent() const {
    return !last_.empty() && !is_gone(parse_lease_holder(last_).process);
  }

private:
  bool is_blocked(const result<lease_state>& seen) const {
    return seen && seen->is_free && !able_;
  }

  /// While the catalog's server is down, every standby can start. But perhaps
  /// only this one cannot reach the server, so it lets the others go first.
  bool may_take(clock::time_point now) const {
    if (able_)
      return true;
    return able_.error().code == ec::catalog_unavailable
           && now - free_since_ >= config_.cluster.lease;
  }

  main_lease& lease_;
  const settings& config_;
  main_trial trial_;
  status able_ = ok;
  clock::time_point started_ = clock::now();
  clock::time_point free_since_ = clock::now();
  std::string active_; ///< holder, as stored
  std::string last_;   ///< the last active one
};

/// Whether there are sound settings to start anew with.
bool can_reload(const settings_source& load_again) {
  if (!load_again)
    return false;
  if (auto loaded = load_again(); !loaded) {
    tell_not_reloaded(loaded.error());
    return false;
  }
  spdlog::info("starting anew with the settings that there are now");
  return true;
}

} // namespace

result<taken_lease> wait_for_lease(main_lease& lease, const settings& config,
                                   const settings_source& load_again) {
  std::unique_ptr<standby_server> server;
  candidate self{lease, config};
  for (;;) {
    auto seen = self.look();
    if (seen && seen->fence > 0) {
      if (server)
        spdlog::info("takes over as the active main node (fence {})",
                     seen->fence);
      return taken_lease{seen->fence, self.was_silent()};
    }
    if (!server && self.is_hopeless(seen))
      return self.able().error();
    if (!server && !self.waits_for_port(seen)) {
      server = std::make_unique<standby_server>(config.http);
      if (config.http.enabled)
        if (auto started = server->start(); !started)
          return std::move(started.error());
      say("standing by at " + server->url(config.http));
    }
    if (server)
      server->update(seen, self.able());
    self.note(seen);
    if (is_told_to_reload() && can_reload(load_again))
      start_anew(); // it holds nothing yet
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
  // The new program inherits no port, file or connection.
  std::error_code failure;
  for (const auto& x :
       std::filesystem::directory_iterator{"/proc/self/fd", failure}) {
    auto fd = std::atoi(x.path().filename().c_str());
    if (fd > STDERR_FILENO)
      fcntl(fd, F_SETFD, FD_CLOEXEC);
  }
  execv("/proc/self/exe", arguments.data());
  spdlog::critical("cannot restart: leaving");
  _exit(exit_failed);
}

} // namespace darkroom
