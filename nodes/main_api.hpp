/// How commands use a main node's HTTP API.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace CLI {
class App;
} // namespace CLI

namespace darkroom {

struct json_post;

/// Where a main node's API is, and which certificate it may have.
struct main_address {
  main_address() = default;
  // A URL says enough. NOLINTBEGIN(google-explicit-constructor)
  main_address(std::string at) : url(std::move(at)) {}
  main_address(const char* at) : url(at) {}
  // NOLINTEND(google-explicit-constructor)

  std::string url;
  std::string ca;  ///< PEM file of CAs; empty: those the system trusts
  std::string own; ///< PEM file of the only certificate; empty: any of a CA

  /// The address of a path below.
  friend main_address operator+(main_address base, const std::string& path) {
    base.url += path;
    return base;
  }
};

/// What `--main` and `--ca` say; empty if not given.
struct main_choice {
  std::string urls; ///< "http://a:3000,b:3000"
  std::string ca;

  /// @param what begins the help: "cancel: "
  void add_to(CLI::App& command, const std::string& what = {},
              const std::string& flag = "--main");
};

/// This machine's main node, by `[http]`, whose certificate the settings name.
main_address own_main(const http_settings& http);

/// The main nodes that a command may ask. Not thread-safe.
class main_nodes {
public:
  /// Of no main nodes.
  main_nodes() = default;

  /// @param chosen without URLs: the environment variable DARKROOM_MAIN, and if
  ///   that is empty, too, `own_main`; without a CA: DARKROOM_API_CA
  main_nodes(const main_choice& chosen, const http_settings& http);

  /// The active one. The first call asks them in turn, for up to a second each,
  /// and follows a standby that names another one. If none says that it is
  /// active, the first one that was named.
  const main_address& at();

  /// The one that was named first, be it active or not.
  const main_address& first() const {
    return named_.front();
  }

  /// Has the next call ask them again, because the active one does not answer.
  void look_again() {
    active_ = {};
  }

private:
  std::vector<main_address> named_;
  main_address active_; ///< without a URL before a look
};

/// The active one of these main nodes.
main_address main_at(const main_choice& chosen, const http_settings& http);

/// The URL of a server that listens at `[http] bind` and this port.
std::string server_url(const http_settings& http, uint16_t port);

/// The URL that a main node tells others, with the machine's name if it listens
/// on all addresses. Empty if the URL is unknown until the node listens.
std::string advertised_url(const http_settings& http);

/// The token that commands send to the API: the environment variable
/// DARKROOM_API_TOKEN; empty if it is not set.
std::string api_token();

/// Sets the URL of a request, and whom to trust there.
status set_address(json_post& request, const main_address& at);

/// Sends a GET, or a POST if there is a body, or what `method` says. Blocks for
/// up to `timeout`. Sends `api_token()`, if there is one.
/// @returns the JSON of the answer; ec::upstream_refused if the main node
///   refuses, another error if no main node answers
result<nlohmann::json>
ask_main(const main_address& at, const std::string& body = {},
         std::chrono::milliseconds timeout = std::chrono::seconds{10},
         const std::string& method = {});

} // namespace darkroom
