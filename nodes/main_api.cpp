#include "nodes/main_api.hpp"

#include "services/http_client/http_client.hpp"
#include "services/json/json.hpp"

#include <cctype>
#include <cstdio>

namespace darkroom {

std::string main_url(const std::string& given, const http_settings& http) {
  if (!given.empty())
    return given;
  auto is_any = http.bind == "0.0.0.0" || http.bind == "::";
  auto host = is_any ? "127.0.0.1"
              : http.bind.find(':') == std::string::npos
                ? http.bind
                : "[" + http.bind + "]";
  return "http://" + host + ":" + std::to_string(http.port);
}

std::string percent_encoded(const std::string& text) {
  std::string out;
  for (unsigned char c : text) {
    if (std::isalnum(c) != 0 || c == '-' || c == '_' || c == '.') {
      out += static_cast<char>(c);
      continue;
    }
    char escape[4];
    std::snprintf(escape, sizeof escape, "%%%02X", c);
    out += escape;
  }
  return out;
}

result<nlohmann::json> ask_main(const std::string& url, const std::string& body,
                                std::chrono::milliseconds timeout) {
  http_client client;
  json_post request;
  request.url = url;
  request.body = body;
  request.timeout = timeout;
  auto answer = client.send(request, nullptr);
  if (!answer)
    return std::move(answer.error());
  return parse_json(*answer);
}

} // namespace darkroom
