#include "services/http_client/http_answer.hpp"

#include "config/words.hpp"
#include "services/text/words.hpp"

#include <curl/curl.h>

#include <memory>

namespace darkroom {

namespace {

constexpr size_t max_headers = 100;
constexpr size_t max_header_bytes = 1000;

} // namespace

std::string http_answer::header(const std::string& name) const {
  auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

void take_header_line(std::string_view line, http_answer& to) {
  auto& headers = to.headers;
  if (line.starts_with("HTTP/"))
    headers.clear();
  auto colon = line.find(':');
  if (colon == std::string_view::npos)
    return;
  auto name = lower_ascii(line.substr(0, colon).substr(0, max_header_bytes));
  if (headers.size() < max_headers || headers.count(name) > 0)
    headers[name] = trimmed(line.substr(colon + 1)).substr(0, max_header_bytes);
}

std::string shown_url(const std::string& url) {
  std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> parts(curl_url(),
                                                            curl_url_cleanup);
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0))
    return "an unreadable URL";
  for (auto secret : {CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS,
                      CURLUPART_QUERY, CURLUPART_FRAGMENT})
    curl_url_set(parts.get(), secret, nullptr, 0);
  char* text = nullptr;
  if (curl_url_get(parts.get(), CURLUPART_URL, &text, 0))
    return "an unreadable URL";
  std::string copy(text);
  curl_free(text);
  return copy;
}

} // namespace darkroom
