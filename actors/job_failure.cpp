#include "actors/job_failure.hpp"

#include "actors/jobs/job_type.hpp"

#include <charconv>

namespace darkroom {

namespace {

template <class Number>
Number number_field(const stored_job& job, std::string_view name) {
  auto text = field_of(job, name);
  Number out{};
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

} // namespace

failed_job failed_job_of(const stored_job& x, std::string why) {
  return {{x.id, number_field<int64_t>(x, "timestamp"),
           number_field<uint32_t>(x, "ats")},
          std::string{field_of(x, "name")},
          subject_of(std::string{field_of(x, "data")}),
          std::move(why)};
}

failed_job failed_job_of(const removed_job& x, std::string why) {
  return {
    {x.id, x.timestamp, x.attempt}, x.name, subject_of(x.data), std::move(why)};
}

std::string logged_name(const std::string& job_id, const std::string& name,
                        const std::string& image_id) {
  auto out = "job " + job_id + " (" + name + ")";
  return image_id.empty() ? out : out + " of image '" + image_id + "'";
}

std::vector<std::string> picture_job_names() {
  auto names = job_type_names();
  std::erase_if(names, [](const auto& x) { return !part_of(x); });
  return names;
}

std::optional<part_note> failure_note(const failed_job& x) {
  auto part = part_of(x.name);
  if (!part || x.subject.image_id.empty())
    return std::nullopt;
  return part_note{x.stamp, x.subject.image_id, x.subject.file_path, *part,
                   x.why};
}

worker_event failure_event(const failed_job& x, int64_t now) {
  worker_event out;
  out.kind = event_kind::failed;
  out.job_id = x.stamp.job_id;
  out.job_name = x.name;
  out.image_id = x.subject.image_id;
  out.timestamp = now;
  out.error = x.why;
  out.is_final = true;
  return out;
}

} // namespace darkroom
