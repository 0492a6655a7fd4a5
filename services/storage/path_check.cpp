#include "services/storage/path_check.hpp"

#include <algorithm>
#include <filesystem>

namespace darkroom {

error forbidden_path(const std::string& name, const std::string& why) {
  return fail(ec::forbidden_path, "path '" + name + "' " + why
                                    + "; use one inside the uploads folder");
}

status check_path(const std::string& name) {
  if (name.empty())
    return forbidden_path(name, "is empty");
  if (name.find('\0') != std::string::npos)
    return forbidden_path(name.substr(0, name.find('\0')), "contains a NUL");
  std::filesystem::path path{name};
  if (path.is_absolute())
    return forbidden_path(name, "is absolute");
  if (std::find(path.begin(), path.end(), "..") != path.end())
    return forbidden_path(name, "contains '..'");
  return ok;
}

} // namespace darkroom
