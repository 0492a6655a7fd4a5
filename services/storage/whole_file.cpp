#include "services/storage/whole_file.hpp"

#include "services/random/random_id.hpp"
#include "services/storage/durable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace darkroom {

namespace {

namespace fs = std::filesystem;

status write_to(const std::string& path, std::string_view bytes) {
  auto fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0)
    return system_failure("cannot create", path);
  auto done = write_all(fd, bytes, path);
  if (done && ::fsync(fd))
    done = system_failure("cannot write", path);
  ::close(fd);
  return done;
}

status exists_already(const std::string& path) {
  return fail(ec::conflict, "'" + path + "' is there already");
}

// Some file systems, such as NFS, do not know RENAME_NOREPLACE.
status rename_unless_there(const std::string& from, const std::string& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(),
                  RENAME_NOREPLACE)
      == 0)
    return ok;
  if (errno == EEXIST)
    return exists_already(to);
  if (errno != EINVAL && errno != ENOSYS)
    return system_failure("cannot rename to '" + to + "' file", from);
  std::error_code ignored;
  if (fs::exists(fs::symlink_status(to, ignored)))
    return exists_already(to);
  if (std::rename(from.c_str(), to.c_str()))
    return system_failure("cannot rename to '" + to + "' file", from);
  return ok;
}

status rename_over(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()))
    return system_failure("cannot rename to '" + to + "' file", from);
  return ok;
}

} // namespace

status write_whole_file(const std::string& path, std::string_view bytes,
                        older_file older) {
  auto folder = fs::path{path}.parent_path();
  auto hidden = (folder / (".darkroom-" + random_id() + ".part")).string();
  auto done = write_to(hidden, bytes);
  if (done)
    done = older == older_file::stays ? rename_unless_there(hidden, path)
                                      : rename_over(hidden, path);
  if (!done)
    ::unlink(hidden.c_str());
  return done;
}

} // namespace darkroom
