#include "services/json/image_data.hpp"

#include "services/json/json.hpp"

#include <algorithm>

namespace darkroom {

std::string image_id_in(const nlohmann::json& data) {
  if (!data.is_object())
    return {};
  auto found = data.find("imageId");
  if (found != data.end() && found->is_number_integer())
    return found->dump();
  return text_member(data, "imageId");
}

std::string file_path_in(const nlohmann::json& data) {
  auto path = text_member(data, "filePath");
  return path.substr(std::min(path.find_first_not_of('/'), path.size()));
}

} // namespace darkroom
