/// Which images, parts and files the jobs that have not ended are about.
#pragma once

#include "messages/image_part.hpp"
#include "services/redis/queue_census.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace darkroom {

/// The names of the job types that make the parts.
using part_makers = per_part<std::string>;

/// What a job's data name, and the part that jobs of its name make.
struct job_about {
  std::string image_id;  ///< empty if not named
  std::string file_path; ///< empty if not named
  std::optional<image_part> part;
};

job_about about_of(const part_makers& makers, const queued_job& job);

/// Keeps a hash, about 40 bytes, for each thing that a job names. Images are
/// known by the names of their folders (`safe_name`), which no two share.
class unfinished_index {
public:
  void add(const part_makers& makers, const queued_job& job);

  /// Whether a job makes the part, or is to add the job that makes it.
  bool makes(const std::string& folder, image_part part) const;

  /// Whether any job names the image.
  bool is_about(const std::string& folder) const;

  /// Whether any job names the file.
  bool reads(const std::string& path) const;

private:
  void put(char kind, std::string_view what);
  bool has(char kind, std::string_view what) const;

  std::unordered_set<uint64_t> hashes_;
};

} // namespace darkroom
