/// How commands use a main node's HTTP API.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace darkroom {

/// The URL of the main node: `given`, or the URL of `[http]` if `given` is
/// empty.
std::string main_url(const std::string& given, const http_settings& http);

/// The URL that a main node tells others, with the machine's name if it listens
/// on all addresses. Empty if the URL is unknown until the node listens.
std::string advertised_url(const http_settings& http);

/// Encodes a text as one segment of a URL's path.
std::string percent_encoded(const std::string& text);

/// Sends a GET, or a POST if there is a body, or what `method` says. Blocks for
/// up to `timeout`. The token of the environment variable DARKROOM_API_TOKEN,
/// if it is set, goes along.
/// @returns the JSON of the answer; ec::upstream_refused if the main node
///   refuses, another error if no main node answers
result<nlohmann::json>
ask_main(const std::string& url, const std::string& body = {},
         std::chrono::milliseconds timeout = std::chrono::seconds{10},
         const std::string& method = {});

} // namespace darkroom
