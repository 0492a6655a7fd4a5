#include "services/storage/folder_mark.hpp"

#include "services/random/random_id.hpp"
#include "services/storage/durable.hpp"
#include "services/storage/mark_file.hpp"
#include "services/storage/names.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace darkroom {

namespace {

constexpr auto wanted_in_folder_mark = "the id of an uploads folder: remove "
                                       "it; the main node makes a new one when "
                                       "it starts";

std::string mark_of(const std::string& folder) {
  return std::filesystem::path{folder} / folder_mark_name;
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
  return read_mark_file(mark_of(folder), wanted_in_folder_mark);
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
