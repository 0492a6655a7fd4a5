#include "actors/jobs/image_part.hpp"

#include "services/json/json.hpp"

namespace darkroom {

job_subject subject_of(const std::string& data) {
  if (data.find("\"imageId\"") == std::string::npos)
    return {};
  auto value = parse_json(data);
  if (!value)
    return {};
  return {text_member(*value, "imageId"), text_member(*value, "filePath")};
}

std::string part_of(const std::string& job_name) {
  if (job_name == "generate-metadata")
    return "metadata";
  if (job_name == "generate-variants")
    return "variants";
  if (job_name == "generate-embeddings")
    return "embedding";
  return {};
}

} // namespace darkroom
