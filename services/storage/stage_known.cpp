// The part of local_storage that uses a file of one image for another one.
#include "services/storage/durable.hpp"
#include "services/storage/file_bytes.hpp"
#include "services/storage/local_storage.hpp"
#include "services/storage/names.hpp"

#include <filesystem>

namespace darkroom {

namespace fs = std::filesystem;

namespace {

/// Whether a regular file is there and has this size. A link to a file is none.
bool is_there(const std::string& path, uint64_t bytes) {
  std::error_code why;
  return fs::is_regular_file(fs::symlink_status(path, why))
         && fs::file_size(path, why) == bytes && !why;
}

} // namespace

result<staged_file> local_storage::stage_known(const std::string& final_name,
                                               const attempt_stamp& stamp,
                                               const std::string& known,
                                               uint64_t bytes) const {
  auto from = resolve(known);
  if (!from)
    return std::move(from.error());
  auto real = fs::path{*from}.lexically_relative(root_).string();
  if (!is_variant(real) || is_staged(real) || !is_there(*from, bytes))
    return fail(ec::not_found, "there is no variant '" + known + "' of "
                                 + std::to_string(bytes) + " bytes");
  staged_file names{staged_name(final_name, stamp), final_name};
  auto path = resolve(names.staged);
  if (!path)
    return std::move(path.error());
  if (auto made = make_folder_of(*path); !made)
    return named(std::move(made.error()));
  // The same attempt may have died here and left its file.
  if (auto removed = remove_file(*path); !removed)
    return named(std::move(removed.error()));
  std::error_code why;
  fs::create_hard_link(*from, *path, why);
  if (why) {
    auto file = file_bytes::open(*from);
    if (!file)
      return named(std::move(file.error()));
    if (file->view().size() != bytes)
      return fail(ec::not_found, "variant '" + known + "' has changed");
    return stage(final_name, stamp, file->view());
  }
  // The file may have been replaced since it was looked at.
  if (!is_there(*path, bytes)) {
    (void)remove_file(*path);
    return fail(ec::not_found, "variant '" + known + "' has changed");
  }
  if (auto kept = sync_folder_of(*path); !kept)
    return named(std::move(kept.error()));
  return names;
}

} // namespace darkroom
