/// What the three image jobs share: reading their data, and making their
/// outcome.
#pragma once

#include "actors/jobs/job_tools.hpp"
#include "actors/jobs/job_type.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace darkroom {

/// The data of an image job, checked.
struct image_input {
  std::string image_id;
  std::string file_path; ///< relative to the uploads folder
  nlohmann::json data;   ///< the whole data
};

/// Reads `imageId` and `filePath`.
/// @param needs_file false: there may be no `filePath`, and then no path
/// @returns ec::bad_input if one is missing, ec::forbidden_path if the path
/// leaves the uploads folder
result<image_input> read_image_input(const job_context& context,
                                     bool needs_file = true);

/// Has the codec look at the original, which is fetched first if it is on
/// another machine. Errors name it by its `filePath`.
/// @param look gets the path of the file
template <class Look>
auto with_original(const job_context& context, const image_input& input,
                   Look look) -> decltype(look(std::string{})) {
  auto file = context.tools->storage->fetch(input.file_path,
                                            context.control.flag());
  if (!file)
    return std::move(file.error());
  auto out = look(file->path());
  if (!out)
    return file->named(std::move(out.error()));
  return out;
}

/// When the codec process must be done with this job.
std::chrono::steady_clock::time_point deadline_of(const job_context& context);

/// The completed outcome of an image job, with the rows to commit.
/// @param commit without its stamp, which the dispatcher adds
outcome completed_image(const job& work, const image_input& input,
                        image_commit commit, nlohmann::json value);

/// Kills this processor's codec child if the job is cancelled before the end of
/// the scope.
class cancel_guard {
public:
  explicit cancel_guard(job_context& context);
  ~cancel_guard();
  cancel_guard(const cancel_guard&) = delete;
  cancel_guard& operator=(const cancel_guard&) = delete;

private:
  run_control& control_;
};

} // namespace darkroom
