#include "services/storage/folder_mark.hpp"

#include "services/random/random_id.hpp"
#include "services/storage/durable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>

namespace darkroom {

namespace {

constexpr size_t max_bytes = 100; // per id; ours have 32

std::string mark_of(const std::string& folder) {
  return std::filesystem::path{folder} / "darkroom.id";
}

bool is_id(const std::string& text) {
  return !text.empty() && text.size() < max_bytes
         && std::all_of(text.begin(), text.end(), [](unsigned char c) {
              return std::isalnum(c) != 0 || c == '-' || c == '_';
            });
}

/// Writes a file of our own, which nobody else reads while it is incomplete.
status write_aside(const std::string& path, const std::string& text) {
  auto fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0)
    return system_failure("cannot make", path);
  auto is_written = ::write(fd, text.data(), text.size())
                      == static_cast<ssize_t>(text.size())
                    && ::fsync(fd) == 0;
  auto why = system_failure("cannot write", path);
  ::close(fd);
  if (!is_written)
    return why;
  return ok;
}

} // namespace

result<std::string> read_folder_mark(const std::string& folder) {
  auto path = mark_of(folder);
  // Without O_NONBLOCK, opening would wait if somebody put a FIFO there.
  auto fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    if (errno == ENOENT)
      return std::string{};
    return system_failure("cannot read", path);
  }
  char buffer[max_bytes];
  auto size = ::read(fd, buffer, sizeof buffer);
  auto why = system_failure("cannot read", path);
  ::close(fd);
  if (size < 0)
    return why;
  std::string text{buffer, static_cast<size_t>(size)};
  text.erase(text.find_last_not_of(" \r\n") + 1);
  if (!is_id(text))
    return fail(ec::storage_failed,
                "'" + path
                  + "' does not hold the id of an uploads folder: "
                    "remove it; the main node makes a new "
                    "one when it starts");
  return text;
}

result<std::string> mark_folder(const std::string& folder) {
  auto known = read_folder_mark(folder);
  if (!known || !known->empty())
    return known;
  auto path = mark_of(folder);
  auto aside = (std::filesystem::path{folder}
                / (".darkroom.id." + random_id() + ".part"))
                 .string();
  auto written = write_aside(aside, random_id() + "\n");
  // A link fails if another process was first; a rename would replace its file.
  auto is_made = written && ::link(aside.c_str(), path.c_str()) == 0;
  auto why = written ? errno : 0;
  ::unlink(aside.c_str());
  if (!written)
    return std::move(written.error());
  if (!is_made && why != EEXIST) {
    errno = why;
    return system_failure("cannot make", path);
  }
  if (auto synced = sync_folder_of(path); !synced)
    return std::move(synced.error());
  return read_folder_mark(folder);
}

} // namespace darkroom
