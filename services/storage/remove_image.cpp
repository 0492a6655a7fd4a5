// The part of local_storage that removes the files of a deleted image.
#include "services/storage/durable.hpp"
#include "services/storage/local_storage.hpp"
#include "services/storage/names.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace darkroom {

namespace fs = std::filesystem;

status local_storage::remove_image(const std::string& image_id,
                                   const std::vector<std::string>& originals,
                                   const std::vector<std::string>& kept) const {
  auto folder = resolve(variant_folder(image_id));
  if (!folder)
    return std::move(folder.error());
  if (auto done = remove_variants(*folder, kept); !done)
    return named(std::move(done.error()));
  for (const auto& x : originals)
    if (auto done = remove_original(x); !done)
      return named(std::move(done.error()));
  return ok;
}

status
local_storage::remove_variants(const std::string& folder,
                               const std::vector<std::string>& kept) const {
  std::error_code why;
  if (kept.empty()) {
    fs::remove_all(folder, why);
    if (why)
      return fail(ec::storage_failed,
                  "cannot remove '" + folder + "': " + why.message());
    return ok;
  }
  for (fs::directory_iterator at{folder, why}, end; !why && at != end;
       at.increment(why)) {
    auto name = at->path().lexically_relative(root_).string();
    if (std::find(kept.begin(), kept.end(), name) == kept.end())
      if (auto removed = remove_file(at->path()); !removed)
        return removed;
  }
  return ok;
}

status local_storage::remove_original(const std::string& name) const {
  auto real = real_name(name);
  std::error_code why;
  if (!real || is_ours(*real) || fs::is_directory(root_ + '/' + *real, why))
    return ok; // it was never an original
  return remove_file(root_ + '/' + *real);
}

} // namespace darkroom
