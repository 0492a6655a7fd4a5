#include "services/http_client/http_answer.hpp"

#include <curl/curl.h>

#include <memory>

namespace darkroom {

std::string http_answer::header(const std::string& name) const {
  auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
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
