#include "services/storage/main_mark.hpp"

#include "services/random/random_id.hpp"
#include "services/s3/s3_bucket.hpp"
#include "services/storage/durable.hpp"
#include "services/storage/mark_file.hpp"
#include "services/storage/names.hpp"
#include "services/storage/original_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <filesystem>
#include <utility>

namespace darkroom {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds longest_wait_for_mark{1000};

constexpr auto wanted_in_mark
  = "the mark of a main node: remove it; the active main node writes it again "
    "when a worker misses it";

std::string path_of_mark(const storage_settings& storage,
                         const std::string& name) {
  return std::filesystem::path{storage.uploads} / name;
}

bool is_plain_file(int fd) {
  struct stat info = {};
  return ::fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
}

error no_plain_file(const std::string& path) {
  return fail(ec::storage_failed,
              "cannot write '" + path + "': it is no plain file: remove it");
}

/// Writes into the file that is there. A file of another inode would be found
/// late by a machine that caches names, as NFS does.
status write_in_place(const std::string& path, const std::string& text) {
  // Without O_NONBLOCK, opening would wait if somebody put a FIFO there.
  auto fd = ::open(path.c_str(),
                   O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK,
                   0644);
  if (fd < 0 && errno == ENXIO)
    return no_plain_file(path);
  if (fd < 0)
    return system_failure("cannot write", path);
  status done = ok;
  if (!is_plain_file(fd))
    done = no_plain_file(path);
  if (done)
    done = write_all(fd, text, path);
  if (done && (::ftruncate(fd, static_cast<off_t>(text.size())) || ::fsync(fd)))
    done = system_failure("cannot write", path);
  ::close(fd);
  return done;
}

result<s3_bucket> hasty_bucket(storage_settings storage, milliseconds longest) {
  storage.s3_attempts = 1;
  storage.s3_timeout = std::min(storage.s3_timeout, longest);
  return s3_bucket::open(storage);
}

status write_main_mark(const storage_settings& storage, const main_mark& mark,
                       milliseconds longest) {
  auto text = mark.id + '\n';
  if (storage.kind != "s3")
    return write_in_place(path_of_mark(storage, mark.name), text);
  auto bucket = hasty_bucket(storage, longest);
  if (!bucket)
    return std::move(bucket.error());
  return bucket->put(mark.name, text, "text/plain");
}

result<std::string> get_main_mark(const storage_settings& storage,
                                  const std::string& name) {
  auto bucket = hasty_bucket(storage, longest_wait_for_mark);
  if (!bucket)
    return std::move(bucket.error());
  auto file = original_file::make_private(name);
  if (!file)
    return std::move(file.error());
  auto got = bucket->get(name, file->descriptor(), max_mark_bytes, nullptr);
  if (!got && got.error().code == ec::not_found)
    return std::string{};
  if (!got)
    return std::move(got.error());
  auto mark = read_mark_file(file->path(), wanted_in_mark);
  if (!mark)
    return file->named(std::move(mark.error()));
  return mark;
}

} // namespace

result<main_mark> leave_main_mark(const settings& config,
                                  const std::string& cluster) {
  main_mark out{main_mark_name(cluster), random_id()};
  auto longest = std::min(longest_wait_for_mark, config.cluster.lease / 3);
  if (auto left = write_main_mark(config.storage, out, longest); !left)
    return std::move(left.error());
  return out;
}

result<bool> keep_main_mark(const storage_settings& storage,
                            const main_mark& mark) {
  auto found = read_main_mark(storage, mark.name);
  if (found && *found == mark.id)
    return false;
  if (auto left = write_main_mark(storage, mark, longest_wait_for_mark); !left)
    return std::move(left.error());
  return true;
}

result<std::string> read_main_mark(const storage_settings& storage,
                                   const std::string& name) {
  return storage.kind == "s3"
           ? get_main_mark(storage, name)
           : read_mark_file(path_of_mark(storage, name), wanted_in_mark);
}

} // namespace darkroom
