#include "services/fsck/unfinished_index.hpp"

#include "services/json/image_data.hpp"
#include "services/json/json.hpp"
#include "services/storage/names.hpp"

#include <filesystem>
#include <functional>

namespace darkroom {

namespace {

// What a hash is of; parts have their own numbers.
constexpr char image_kind = 'i';
constexpr char path_kind = 'p';

char part_kind(image_part part) {
  return static_cast<char>('0' + static_cast<int>(part));
}

uint64_t about_hash(char kind, std::string_view what) {
  std::string text{kind};
  text += what;
  return std::hash<std::string>{}(text);
}

std::string plain_path(const std::string& path) {
  return std::filesystem::path{path}.lexically_normal().string();
}

/// The part whose job adds the job of this one.
std::optional<image_part> source_of(image_part part) {
  switch (part) {
    case image_part::embedding:
      return image_part::metadata;
    case image_part::metadata:
    case image_part::variants:
      break;
  }
  return std::nullopt;
}

} // namespace

job_about about_of(const part_makers& makers, const queued_job& job) {
  job_about out;
  for (auto part : all_image_parts())
    if (job.name == makers[static_cast<size_t>(part)])
      out.part = part;
  if (job.data.find("\"imageId\"") == std::string::npos)
    return out;
  if (auto data = parse_json(job.data)) {
    out.image_id = image_id_in(*data);
    out.file_path = file_path_in(*data);
  }
  return out;
}

void unfinished_index::add(const part_makers& makers, const queued_job& job) {
  auto about = about_of(makers, job);
  if (!about.file_path.empty())
    put(path_kind, plain_path(about.file_path));
  if (about.image_id.empty())
    return;
  auto folder = safe_name(about.image_id);
  put(image_kind, folder);
  if (about.part)
    put(part_kind(*about.part), folder);
}

bool unfinished_index::makes(const std::string& folder, image_part part) const {
  auto source = source_of(part);
  return has(part_kind(part), folder)
         || (source && has(part_kind(*source), folder));
}

bool unfinished_index::is_about(const std::string& folder) const {
  return has(image_kind, folder);
}

bool unfinished_index::reads(const std::string& path) const {
  return has(path_kind, plain_path(path));
}

void unfinished_index::put(char kind, std::string_view what) {
  hashes_.insert(about_hash(kind, what));
}

bool unfinished_index::has(char kind, std::string_view what) const {
  return hashes_.count(about_hash(kind, what)) > 0;
}

} // namespace darkroom
