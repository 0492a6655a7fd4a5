#include "services/storage/durable.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

namespace darkroom {

namespace fs = std::filesystem;

error system_failure(const std::string& what, const std::string& path) {
  return fail(ec::storage_failed,
              what + " '" + path + "': " + std::strerror(errno));
}

status write_all(int fd, std::string_view bytes, const std::string& path) {
  while (!bytes.empty()) {
    auto n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno != EINTR)
      return system_failure("cannot write", path);
    if (n > 0)
      bytes.remove_prefix(static_cast<size_t>(n));
  }
  return ok;
}

status make_folder_of(const std::string& path) {
  auto folder = fs::path{path}.parent_path();
  std::error_code why;
  if (fs::is_directory(folder, why))
    return ok;
  if (auto above = make_folder_of(folder); !above)
    return above;
  fs::create_directory(folder, why); // another process may create it first
  if (why)
    return fail(ec::storage_failed, "cannot create folder '" + folder.string()
                                      + "': " + why.message());
  return sync_folder_of(folder);
}

status sync_folder_of(const std::string& path) {
  std::string folder = fs::path{path}.parent_path();
  auto fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return system_failure("cannot open folder", folder);
  auto failed = ::fsync(fd);
  ::close(fd);
  if (failed)
    return system_failure("cannot sync folder", folder);
  return ok;
}

status rename_durably(const std::string& from, const std::string& to) {
  if (std::rename(from.c_str(), to.c_str()))
    return system_failure("cannot rename to '" + to + "' file", from);
  return sync_folder_of(to);
}

status remove_file(const std::string& path) {
  if (::unlink(path.c_str()) && errno != ENOENT)
    return system_failure("cannot remove", path);
  return ok;
}

} // namespace darkroom
