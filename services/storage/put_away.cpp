// The part of local_storage that puts away files that no image has.
#include "services/storage/durable.hpp"
#include "services/storage/local_storage.hpp"
#include "services/storage/names.hpp"

#include <filesystem>

namespace darkroom {

namespace fs = std::filesystem;

namespace {

status move_file(const fs::path& from, const fs::path& to) {
  if (auto made = make_folder_of(to); !made)
    return made;
  std::error_code why;
  fs::rename(from, to, why);
  if (why)
    return fail(ec::storage_failed, "cannot move '" + from.string() + "' to '"
                                      + to.string() + "': " + why.message());
  if (auto kept = sync_folder_of(to); !kept)
    return kept;
  return sync_folder_of(from);
}

} // namespace

status local_storage::put_away(const std::string& name, bool is_deleted) const {
  auto root = fs::path{root_};
  auto from = root / name;
  auto done = is_deleted || from.extension() == ".part"
                ? remove_file(from)
                : move_file(from, root / "lost" / name);
  if (done && is_variant(name)) {
    std::error_code is_not_empty;
    fs::remove(from.parent_path(), is_not_empty);
  }
  return done;
}

} // namespace darkroom
