#include "actors/jobs/job_subject.hpp"

#include "actors/jobs/job_type.hpp"
#include "services/json/image_data.hpp"
#include "services/json/json.hpp"

namespace darkroom {

job_subject subject_of(const std::string& data) {
  if (data.find("\"imageId\"") == std::string::npos)
    return {};
  auto value = parse_json(data);
  if (!value)
    return {};
  return {image_id_in(*value), file_path_in(*value)};
}

std::optional<image_part> part_of(const std::string& job_name) {
  const auto* type = find_job_type(job_name, false);
  return type != nullptr ? type->part : std::nullopt;
}

} // namespace darkroom
