/// Which part of an image a job makes, and for which image.
#pragma once

#include <string>

namespace darkroom {

/// The image and the file that a job's data name; empty where they do not.
struct job_subject {
  std::string image_id;
  std::string file_path; ///< relative to the uploads folder
};

/// Reads `imageId` and `filePath` out of a job's data. Data that is no JSON
/// object names nothing.
job_subject subject_of(const std::string& data);

/// "metadata", "variants" or "embedding"; empty for a job of another kind.
std::string part_of(const std::string& job_name);

} // namespace darkroom
