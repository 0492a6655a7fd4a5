#include "services/http_client/curl_handle.hpp"

#include <utility>

namespace darkroom {

curl_pool::curl_pool() {
  static std::once_flag once; // libcurl must be started once per process
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

curl_pool::~curl_pool() = default;

std::unique_ptr<curl_pool::handle> curl_pool::borrow() {
  std::lock_guard guard(mutex_);
  if (!idle_.empty()) {
    auto kept = std::move(idle_.back());
    idle_.pop_back();
    return kept;
  }
  auto fresh = std::make_unique<handle>();
  fresh->curl.reset(curl_easy_init());
  return fresh;
}

void curl_pool::give_back(std::unique_ptr<handle> used) {
  curl_easy_reset(used->curl.get()); // keeps the connection
  used->detail[0] = 0;
  std::lock_guard guard(mutex_);
  idle_.push_back(std::move(used));
}

} // namespace darkroom
