#include "actors/channel_echo.hpp"

#include <algorithm>
#include <functional>

namespace darkroom {

void channel_echo::listen_after(uint64_t number) {
  awaited_.clear();
  heard_ = number;
}

void channel_echo::forget() {
  awaited_.clear();
  heard_ = 0;
  last_ = 0;
}

void channel_echo::await(uint64_t number, const std::string& text,
                         bool is_foreign) {
  auto known = std::max(last_, heard_);
  if (last_ != 0 && number > known + 1)
    awaited_.push_back({0, number - known - 1});
  last_ = number;
  if (number > heard_ && !is_foreign)
    awaited_.push_back({std::hash<std::string>{}(text), 0});
}

bool channel_echo::is_own(const std::string& text) {
  auto hash = std::hash<std::string>{}(text);
  auto found = std::find_if(awaited_.begin(), awaited_.end(), [&](auto& x) {
    return x.missing == 0 && x.hash == hash;
  });
  if (found != awaited_.end()) {
    awaited_.erase(awaited_.begin(), found + 1);
    return true;
  }
  auto hole = std::find_if(awaited_.begin(), awaited_.end(),
                           [](auto& x) { return x.missing > 0; });
  if (hole == awaited_.end())
    return false;
  if (--hole->missing == 0)
    awaited_.erase(hole);
  return true;
}

} // namespace darkroom
