#include "services/fsck/lost_files.hpp"

#include "services/storage/durable.hpp"

#include <filesystem>

namespace darkroom {

namespace fs = std::filesystem;

status remove_lost_variant(const local_storage& storage,
                           const std::string& name) {
  auto path = fs::path{storage.root()} / name;
  if (auto removed = remove_file(path); !removed)
    return removed;
  std::error_code is_not_empty;
  fs::remove(path.parent_path(), is_not_empty);
  return ok;
}

status put_away_original(const local_storage& storage, const std::string& name,
                         bool is_deleted) {
  auto from = fs::path{storage.root()} / name;
  if (is_deleted)
    return remove_file(from);
  auto to = fs::path{storage.root()} / "lost" / from.filename();
  if (auto made = make_folder_of(to); !made)
    return made;
  std::error_code why;
  fs::rename(from, to, why);
  if (why)
    return fail(ec::storage_failed,
                "cannot move '" + name + "' to lost/: " + why.message());
  if (auto kept = sync_folder_of(to); !kept)
    return kept;
  return sync_folder_of(from);
}

} // namespace darkroom
