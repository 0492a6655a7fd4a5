/// Which image a job is about, and which part of it the job makes.
#pragma once

#include "messages/image_part.hpp"

#include <optional>
#include <string>

namespace darkroom {

/// The image and the file that a job's data name. What they do not name is
/// empty.
struct job_subject {
  std::string image_id;
  std::string file_path; ///< relative to the uploads folder
};

/// Reads `imageId` and `filePath` out of a job's data. Data other than a
/// JSON object name nothing.
job_subject subject_of(const std::string& data);

/// The part that jobs of this name make, as the job table says; nothing for a
/// job of another kind.
std::optional<image_part> part_of(const std::string& job_name);

} // namespace darkroom
