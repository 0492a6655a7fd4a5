#include "services/catalog/image_status.hpp"

namespace darkroom {

const char* to_string(work_status status) {
  switch (status) {
    case work_status::pending:
      return "pending";
    case work_status::processing:
      return "processing";
    case work_status::completed:
      return "completed";
    case work_status::failed:
      return "failed";
  }
  return "pending";
}

work_status to_work_status(std::string_view name) {
  for (auto status :
       {work_status::processing, work_status::completed, work_status::failed})
    if (name == to_string(status))
      return status;
  return work_status::pending;
}

work_status derive_status(const part_statuses& parts) {
  auto all = {parts.metadata, parts.variants, parts.embedding};
  for (auto part : all)
    if (part == work_status::failed)
      return work_status::failed;
  if (parts.embedding == work_status::completed)
    return work_status::completed;
  for (auto part : all)
    if (part != work_status::pending)
      return work_status::processing;
  return work_status::pending;
}

} // namespace darkroom
