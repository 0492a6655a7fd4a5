/// What a codec process says on its standard error. It may have been taken over
/// by a picture, so these are a stranger's words: bounded, and shown as text.
#pragma once

#include "messages/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

inline constexpr size_t max_words_bytes = 65536; ///< what the pipe holds
inline constexpr size_t max_words_lines = 40;    ///< of one look
inline constexpr size_t max_words_line = 300;    ///< bytes as they came

/// The reading end of a pipe. Neither side ever waits for the other: what does
/// not fit in is lost.
class child_words {
public:
  child_words() = default;
  ~child_words();
  child_words(const child_words&) = delete;
  child_words& operator=(const child_words&) = delete;

  /// @returns the other end, above the standard descriptors, closed by exec;
  ///          the caller closes it.
  result<int> open();

  void close();

  /// The lines that came since the last look, as lines_of() has them.
  std::vector<std::string> take();

private:
  int fd_ = -1;
};

/// Cuts words into lines that are safe to log: not empty, printable ASCII, any
/// other byte as \xNN; the last one tells how much was left out.
std::vector<std::string> lines_of(std::string_view words);

} // namespace darkroom
