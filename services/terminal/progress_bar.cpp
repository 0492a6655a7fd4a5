#include "services/terminal/progress_bar.hpp"

#include "config/words.hpp"
#include "services/terminal/terminal.hpp"
#include "services/text/columns.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr size_t bar_width = 24; ///< columns
constexpr milliseconds redraw_pause{100};

} // namespace

progress_bar::progress_bar(std::string noun)
  : noun_(std::move(noun)),
    is_shown_(may_colour(STDERR_FILENO)),
    begun_(steady_clock::now()) {}

void progress_bar::show(uint64_t done, uint64_t all) {
  auto now = steady_clock::now();
  if (!is_shown_ || now < next_)
    return;
  next_ = now + redraw_pause;
  auto line = clipped(
    progress_line(done, all, noun_,
                  std::chrono::duration_cast<milliseconds>(now - begun_)),
    size_of(STDERR_FILENO).columns - 1);
  if (line == last_)
    return;
  std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
  std::fflush(stderr);
  last_ = line;
}

void progress_bar::clear() {
  if (is_shown_ && !last_.empty())
    std::fputs("\r\x1b[K", stderr);
  last_.clear();
}

std::string progress_line(uint64_t done, uint64_t all, const std::string& noun,
                          milliseconds taken) {
  if (all == 0)
    return counted(done, noun) + " so far";
  done = std::min(done, all);
  auto filled = static_cast<size_t>(bar_width * done / all);
  auto line = "[" + std::string(filled, '#')
              + std::string(bar_width - filled, '-') + "] "
              + std::to_string(done) + " of " + counted(all, noun);
  if (done == 0 || done == all)
    return line;
  auto left = taken * static_cast<int64_t>(all - done)
              / static_cast<int64_t>(done);
  auto seconds = std::chrono::ceil<std::chrono::seconds>(left).count();
  return line + ", about " + std::to_string(seconds) + " s left";
}

} // namespace darkroom
