/// Records what happens in a simulation, line by line.
#pragma once

#include <chrono>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace darkroom::sim {

/// Two runs of a seed must give the same lines, byte for byte.
class trace {
public:
  /// @param prints to standard output
  explicit trace(bool prints) : prints_(prints) {}

  /// Adds "<seconds since the start> <words…>".
  void line(std::chrono::microseconds at,
            std::initializer_list<std::string_view> words);

  /// The hash of all lines so far: FNV-1a, 64 bits, hexadecimal.
  std::string hash() const;

private:
  bool prints_;
  uint64_t hash_ = 0xcbf29ce484222325;
  std::string text_; ///< the current line
};

} // namespace darkroom::sim
