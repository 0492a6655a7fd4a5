/// Slows down who guesses tokens.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// Counts per address, in windows of a minute, the different texts that were no
/// tokens. One that is sent again and again is no guess: its client may be
/// ahead of us, or behind. Thread-safe.
class login_limit {
public:
  using clock = std::chrono::steady_clock;

  explicit login_limit(uint32_t most) : most_(most) {}

  /// How long the address must wait; 0 if it may try.
  std::chrono::seconds wait_of(const std::string& address,
                               clock::time_point now);

  /// @param sent what was not valid
  void failed(const std::string& address, std::string_view sent,
              clock::time_point now);

private:
  struct window {
    clock::time_point begun;
    std::vector<size_t> sent; ///< hashes; at most `most_`
  };

  const uint32_t most_;
  std::mutex mutex_;
  std::map<std::string, window> windows_; ///< at most 10,000
};

} // namespace darkroom
