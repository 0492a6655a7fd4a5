/// What a codec process writes to standard error. A picture may have taken the
/// process over, so its words are treated as a stranger's: bounded, and made
/// safe to show.
#pragma once

#include "messages/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

inline constexpr size_t max_words_bytes = 65536; ///< capacity of the pipe
inline constexpr size_t max_words_lines = 40;    ///< per call of take()
inline constexpr size_t max_words_line = 300;    ///< bytes before escaping

/// The reading end of a pipe. Neither side ever waits for the other: words that
/// do not fit are lost.
class child_words {
public:
  child_words() = default;
  ~child_words();
  child_words(const child_words&) = delete;
  child_words& operator=(const child_words&) = delete;

  /// @returns the writing end, whose number is above the standard descriptors
  ///   and which exec closes; the caller closes it.
  result<int> open();

  void close();

  /// The lines that came since the last call, formatted by lines_of().
  std::vector<std::string> take();

private:
  int fd_ = -1;
};

/// Cuts words into lines that are safe to log: not empty, printable ASCII, and
/// any other byte as \xNN. The last line says how much was left out.
std::vector<std::string> lines_of(std::string_view words);

} // namespace darkroom
