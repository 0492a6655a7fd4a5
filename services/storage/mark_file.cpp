#include "services/storage/mark_file.hpp"

#include "services/storage/durable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>

namespace darkroom {

namespace {

bool is_mark(const std::string& text) {
  return !text.empty() && text.size() < max_mark_bytes
         && std::all_of(text.begin(), text.end(), [](unsigned char c) {
              return std::isalnum(c) != 0 || c == '-' || c == '_';
            });
}

} // namespace

result<std::string> read_mark_file(const std::string& path,
                                   const std::string& wanted) {
  // Without O_NONBLOCK, opening would wait if somebody put a FIFO there.
  auto fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    if (errno == ENOENT)
      return std::string{};
    return system_failure("cannot read", path);
  }
  char buffer[max_mark_bytes];
  auto size = ::read(fd, buffer, sizeof buffer);
  auto why = system_failure("cannot read", path);
  ::close(fd);
  if (size < 0)
    return why;
  std::string text{buffer, static_cast<size_t>(size)};
  text.erase(text.find_last_not_of(" \r\n") + 1);
  if (!is_mark(text))
    return fail(ec::storage_failed, "'" + path + "' does not hold " + wanted);
  return text;
}

} // namespace darkroom
