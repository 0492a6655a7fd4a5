#include "services/codec/child_words.hpp"

#include "services/text/printable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace darkroom {

namespace {

constexpr size_t max_escaped = 4; // bytes per escaped byte: "\xff"
constexpr int first_free = 4;     // after the standard ones and the channel

error no_pipe() {
  return fail(
    ec::internal,
    std::string{"cannot make a pipe for the codec process's standard error: "}
      + std::strerror(errno));
}

} // namespace

child_words::~child_words() {
  close();
}

result<int> child_words::open() {
  close();
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK))
    return no_pipe();
  fd_ = ends[0];
  auto other = ::fcntl(ends[1], F_DUPFD_CLOEXEC, first_free);
  auto why = errno;
  ::close(ends[1]);
  errno = why;
  if (other < 0)
    return no_pipe();
  return other;
}

void child_words::close() {
  if (fd_ >= 0)
    ::close(fd_);
  fd_ = -1;
}

std::vector<std::string> child_words::take() {
  std::string words(max_words_bytes, '\0');
  auto count = fd_ < 0 ? 0 : ::read(fd_, words.data(), words.size());
  words.resize(static_cast<size_t>(std::max<ssize_t>(count, 0)));
  return lines_of(words);
}

std::vector<std::string> lines_of(std::string_view words) {
  std::vector<std::string> lines;
  while (!words.empty() && lines.size() < max_words_lines) {
    auto line = words.substr(0, words.find('\n'));
    words.remove_prefix(std::min(line.size() + 1, words.size()));
    if (line.empty())
      continue;
    auto cut = line.size() > max_words_line;
    lines.push_back(
      printable(line.substr(0, max_words_line), max_escaped * max_words_line)
      + (cut ? "..." : ""));
  }
  if (!words.empty())
    lines.push_back("... and " + std::to_string(words.size()) + " more bytes");
  return lines;
}

} // namespace darkroom
