#include "services/fsck/path_owners.hpp"

#include "services/storage/names.hpp"

#include <functional>

namespace darkroom {

result<bool> path_owners::has_owner(const std::string& name, uint64_t look) {
  if (auto done = read(look); !done)
    return std::move(done.error());
  return paths_.count(std::hash<std::string>{}(name)) > 0;
}

result<std::string> path_owners::image_of(const std::string& folder,
                                          uint64_t look) {
  if (safe_name(folder) == folder)
    return folder; // its own id, as no other image has this folder
  if (auto done = read(look); !done)
    return std::move(done.error());
  auto found = ids_.find(folder);
  return found == ids_.end() ? folder : found->second;
}

status path_owners::read(uint64_t look) {
  if (look_ == look)
    return ok;
  look_ = 0;
  paths_.clear();
  ids_.clear();
  auto add = [this](const std::string& path) {
    if (path.empty())
      return;
    if (auto name = stores_.storage->real_name(path))
      paths_.insert(std::hash<std::string>{}(*name));
  };
  auto done = stores_.audit.each_path([&](const std::string& id,
                                          const std::string& path,
                                          const std::string& uploaded) {
    add(path);
    if (uploaded != path)
      add(uploaded);
    if (auto folder = safe_name(id); folder != id)
      ids_.emplace(std::move(folder), id);
  });
  if (done)
    look_ = look;
  return done;
}

} // namespace darkroom
