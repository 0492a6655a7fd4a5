/// A main node's HTTP API as commands use it.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace darkroom {

/// The URL of the main node: `given`, or that of `[http]` where it is empty.
std::string main_url(const std::string& given, const http_settings& http);

/// The URL that a main node tells others; where it listens on all addresses, by
/// the machine's name. Empty where it has none that is known before it listens.
std::string advertised_url(const http_settings& http);

/// As one segment of a URL's path.
std::string percent_encoded(const std::string& text);

/// Sends a GET, or a POST where there is a body. Blocks for up to `timeout`.
/// @returns the JSON of the answer; ec::upstream_refused where the main node
///   says no, other errors where none answers
result<nlohmann::json>
ask_main(const std::string& url, const std::string& body = {},
         std::chrono::milliseconds timeout = std::chrono::seconds{10});

} // namespace darkroom
