/// A line that shows how far a command is.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace darkroom {

/// A bar on standard error, drawn at most ten times per second. Where standard
/// error is no terminal that can redraw a line, or NO_COLOR is set, it shows
/// nothing. Removes itself at its end. Not thread-safe.
class progress_bar {
public:
  /// @param noun of what is counted: "picture"
  explicit progress_bar(std::string noun);
  ~progress_bar() {
    clear();
  }
  progress_bar(const progress_bar&) = delete;
  progress_bar& operator=(const progress_bar&) = delete;

  /// @param all 0 if the number is not known
  void show(uint64_t done, uint64_t all);

  /// Removes the bar.
  void clear();

private:
  std::string noun_;
  bool is_shown_;
  std::string last_;
  std::chrono::steady_clock::time_point begun_;
  std::chrono::steady_clock::time_point next_; ///< when it may be drawn again
};

/// "[####------] 2 of 5 pictures, about 12 s left", or "2 pictures so far" if
/// `all` is 0.
std::string progress_line(uint64_t done, uint64_t all, const std::string& noun,
                          std::chrono::milliseconds taken);

} // namespace darkroom
