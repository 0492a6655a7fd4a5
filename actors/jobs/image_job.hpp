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
  std::string path;      ///< absolute, inside the uploads folder
  nlohmann::json data;   ///< the whole data
};

/// Reads `imageId` and `filePath`.
/// @returns ec::bad_input if one is missing, ec::forbidden_path if the path
/// leaves the uploads folder
result<image_input> read_image_input(const job_context& context);

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
