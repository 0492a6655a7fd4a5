/// What `darkroom variants` tells: how far it is, and what it has written.
#pragma once

#include "nodes/commands/variant_run.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace darkroom {

/// A bar on standard error that shows how far a run is. Where standard error is
/// no terminal that can redraw a line, or NO_COLOR is set, it shows nothing.
class progress_bar {
public:
  progress_bar();

  void show(const variant_progress& now);

  /// Removes the bar.
  void clear();

private:
  bool is_shown_;
  std::string last_;
  std::chrono::steady_clock::time_point begun_;
};

/// The line of the bar: "[####------] 2 of 5 pictures, about 12 s left".
std::string progress_line(const variant_progress& now,
                          std::chrono::milliseconds taken);

/// A table of all files that were written, for people.
std::vector<std::string>
variant_lines(const std::vector<variant_picture>& pictures);

/// All pictures with their files or the reason why they were refused, as JSON.
std::string variant_json(const std::vector<variant_picture>& pictures);

} // namespace darkroom
