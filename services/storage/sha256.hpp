/// SHA-256 of bytes that arrive piece by piece.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace darkroom {

class sha256_sum {
public:
  sha256_sum();
  ~sha256_sum();
  sha256_sum(sha256_sum&& other) noexcept;
  sha256_sum& operator=(sha256_sum&& other) noexcept;

  void add(std::string_view bytes);

  /// Of all bytes so far, as 64 hex digits. Nothing may be added afterwards.
  std::string hex();

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace darkroom
