/// Which image a job is about, and which part of it the job makes.
#pragma once

#include "messages/image_part.hpp"

#include <optional>
#include <string>

namespace darkroom {

/// The image and the file that a job's data name; empty if not named.
struct job_subject {
  std::string image_id;
  std::string file_path; ///< relative to the uploads folder
};

/// Reads `imageId` and `filePath` out of a job's data. Other data than a JSON
/// object name neither.
job_subject subject_of(const std::string& data);

/// The part that jobs of this name make, according to the job table; nothing
/// for other jobs.
std::optional<image_part> part_of(const std::string& job_name);

} // namespace darkroom
