#include "actors/jobs/image_job.hpp"

#include "services/json/image_data.hpp"
#include "services/json/json.hpp"

namespace darkroom {

result<image_input> read_image_input(const job_context& context,
                                     bool needs_file) {
  auto data = parse_json(context.work.data);
  if (!data)
    return fail(ec::bad_input, "job data is " + data.error().context);
  image_input out;
  out.image_id = image_id_in(*data);
  out.file_path = file_path_in(*data);
  if (out.image_id.empty() || (needs_file && out.file_path.empty()))
    return fail(ec::bad_input,
                context.work.name
                  + (needs_file ? " needs the texts imageId and filePath in "
                                : " needs the text imageId in ")
                  + "its data");
  if (!out.file_path.empty())
    if (auto sound = context.tools->storage->check_name(out.file_path); !sound)
      return std::move(sound.error());
  out.data = std::move(*data);
  return out;
}

std::chrono::steady_clock::time_point deadline_of(const job_context& context) {
  return std::chrono::steady_clock::now() + context.tools->limits.job_timeout;
}

outcome completed_image(const job& work, const image_input& input,
                        image_commit commit, nlohmann::json value) {
  commit.image_id = input.image_id;
  commit.file_path = input.file_path;
  value["success"] = true;
  value["imageId"] = input.image_id;
  auto out = completed(work, write_json(value));
  out.commit.push_back(std::move(commit));
  return out;
}

cancel_guard::cancel_guard(job_context& context) : control_(context.control) {
  control_.on_cancel([codec = context.tools->codec.get()] { codec->cancel(); });
}

cancel_guard::~cancel_guard() {
  control_.on_cancel({});
}

} // namespace darkroom
