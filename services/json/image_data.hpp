/// What the data of an image's job name, however the web tier writes it.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

namespace darkroom {

/// `imageId`: a text, or a whole number as text; empty if it is neither.
std::string image_id_in(const nlohmann::json& data);

/// `filePath`, relative to the uploads folder: a leading "/" means that folder,
/// as for path.join of Node.js. Empty if it is no text.
std::string file_path_in(const nlohmann::json& data);

} // namespace darkroom
