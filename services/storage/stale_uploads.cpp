#include "services/storage/stale_uploads.hpp"

#include "services/storage/durable.hpp"
#include "services/storage/names.hpp"

#include <sys/stat.h>

#include <filesystem>

namespace darkroom {

namespace {

/// A file that is gone meanwhile, or is none, is not stale.
bool is_stale(const std::string& path, int64_t until) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0 || !S_ISREG(found.st_mode))
    return false;
  return found.st_mtim.tv_sec * int64_t{1000}
           + found.st_mtim.tv_nsec / int64_t{1000000}
         <= until;
}

} // namespace

result<uint64_t> remove_stale_uploads(const local_storage& storage,
                                      int64_t until) {
  namespace fs = std::filesystem;
  auto folder = fs::path{storage.root()} / original_name("x", "x");
  std::error_code why; // a folder that is not there has no files
  uint64_t count = 0;
  for (fs::directory_iterator at{folder.parent_path(), why}, end;
       !why && at != end; at.increment(why)) {
    auto path = at->path().string();
    if (!is_aside_upload(path) || !is_stale(path, until))
      continue;
    if (auto removed = remove_file(path); !removed)
      return std::move(removed.error());
    ++count;
  }
  return count;
}

} // namespace darkroom
