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

work_status derive_status(const per_part<work_status>& parts) {
  auto is_begun = false;
  auto is_completed = true;
  for (auto part : all_image_parts()) {
    auto status = parts[static_cast<size_t>(part)];
    if (status == work_status::failed)
      return work_status::failed;
    is_begun |= status != work_status::pending;
    is_completed &= status == work_status::completed
                    || !rules_of(part).is_awaited;
  }
  return is_completed ? work_status::completed
         : is_begun   ? work_status::processing
                      : work_status::pending;
}

result<image_part> read_part(std::string_view name, std::string_view image_id) {
  if (auto part = to_image_part(name))
    return *part;
  return fail(ec::catalog_failed,
              "image '" + std::string{image_id} + "' has a part '"
                + std::string{name}
                + "', which this Darkroom does not know: run the newer one");
}

} // namespace darkroom
