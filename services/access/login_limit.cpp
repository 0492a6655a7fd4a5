#include "services/access/login_limit.hpp"

#include <algorithm>
#include <functional>

namespace darkroom {

namespace {

constexpr std::chrono::seconds length{60};
constexpr size_t most_windows = 10000;

} // namespace

std::chrono::seconds login_limit::wait_of(const std::string& address,
                                          clock::time_point now) {
  std::lock_guard guard{mutex_};
  auto found = windows_.find(address);
  if (found == windows_.end())
    return {};
  auto end = found->second.begun + length;
  if (now >= end) {
    windows_.erase(found);
    return {};
  }
  if (found->second.sent.size() < most_)
    return {};
  return std::chrono::ceil<std::chrono::seconds>(end - now);
}

void login_limit::failed(const std::string& address, std::string_view sent,
                         clock::time_point now) {
  std::lock_guard guard{mutex_};
  // Who has so many addresses that the table is full is not slowed down by it
  // anyway; those that guess now count.
  if (windows_.size() >= most_windows)
    std::erase_if(windows_, [&](const auto& x) {
      return now >= x.second.begun + length;
    });
  if (windows_.size() >= most_windows)
    windows_.clear();
  auto& entry = windows_[address];
  if (entry.sent.empty() || now >= entry.begun + length)
    entry = {now, {}};
  auto hash = std::hash<std::string_view>{}(sent);
  if (std::find(entry.sent.begin(), entry.sent.end(), hash) == entry.sent.end()
      && entry.sent.size() < most_)
    entry.sent.push_back(hash);
}

} // namespace darkroom
