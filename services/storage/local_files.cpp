// The part of local_storage that finds and gives files.
#include "services/storage/folder_walk.hpp"
#include "services/storage/local_storage.hpp"

#include <filesystem>
#include <utility>

namespace darkroom {

namespace fs = std::filesystem;

status local_storage::check_name(const std::string& name) const {
  auto path = resolve(name);
  if (!path)
    return std::move(path.error());
  return ok;
}

result<original_file> local_storage::fetch(const std::string& name,
                                           const std::atomic<bool>*) const {
  auto path = resolve(name);
  if (!path)
    return std::move(path.error());
  return original_file{std::move(*path)};
}

result<std::optional<found_file>>
local_storage::find(const std::string& name) const {
  return find_file(root_, name);
}

bool local_storage::is_gone(const std::string& name) const {
  auto path = resolve(name);
  if (!path) // no file can have this name, or the disk does not say
    return path.error().code == ec::forbidden_path
           || path.error().code == ec::bad_input;
  std::error_code why;
  auto found = fs::status(*path, why).type();
  return found != fs::file_type::regular && found != fs::file_type::none
         && found != fs::file_type::unknown;
}

result<bool> local_storage::is_empty() const {
  std::error_code why;
  auto is_so = fs::is_empty(root_, why);
  if (why)
    return fail(ec::storage_failed,
                "cannot read the uploads folder: " + why.message());
  return is_so;
}

result<file_source> local_storage::source_of(const std::string& name,
                                             bool) const {
  auto path = resolve(name);
  if (!path)
    return std::move(path.error());
  return file_source{std::move(*path), {}};
}

status local_storage::add_original(const std::string& name,
                                   std::string_view bytes) const {
  auto upload = begin(name);
  if (!upload)
    return std::move(upload.error());
  auto written = upload->append(bytes);
  if (written)
    written = upload->commit();
  return written;
}

result<local_storage> local_storage::aside() const {
  return *this;
}

bool local_storage::writes_at_once() const {
  return false;
}

std::unique_ptr<file_walk> local_storage::walk() const {
  return std::make_unique<folder_walk>(root_);
}

} // namespace darkroom
