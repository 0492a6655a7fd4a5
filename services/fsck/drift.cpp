#include "services/fsck/drift.hpp"

namespace darkroom {

// NOLINTNEXTLINE(readability-function-size): a table, a few lines per class
drift_words words_of(drift_class which) {
  switch (which) {
    case drift_class::stuck_processing:
      return {"stuck-processing",
              "a part of the image is processing, and no job is at work on it",
              "adds the job once more; if it has failed, notes that"};
    case drift_class::image_without_jobs:
      return {"image-without-jobs",
              "a part of the image was never begun, and no job will make it",
              "adds the job; if it has failed, notes that"};
    case drift_class::job_without_image:
      return {"job-without-image",
              "the job's image was deleted, or has neither a row nor a file",
              "removes the job of a deleted image; fails any other for good"};
    case drift_class::row_without_file:
      return {"row-without-file",
              "the image's original or one of its variants is gone",
              "makes the variants once more; without the original, the image "
              "is failed"};
    case drift_class::file_without_row:
      return {"file-without-row",
              "a variant or an uploaded original that no image has",
              "removes the variant, or the original of a deleted image; moves "
              "any other original to lost/"};
    case drift_class::vector_without_row:
      return {"vector-without-row", "a vector of an image that does not exist",
              "removes the vector"};
    case drift_class::row_without_image:
      return {"row-without-image",
              "rows of parts, metadata, variants or words of an image that "
              "does not exist",
              "removes the rows"};
    case drift_class::part_without_rows:
      return {"part-without-rows",
              "a completed part of which the catalog has nothing",
              "makes the part once more"};
    case drift_class::wrong_status:
      return {"wrong-status",
              "the image's status does not follow from its parts",
              "derives it anew"};
    case drift_class::stuck_outbox:
      return {"stuck-outbox", "an upload's job that was never added",
              "adds the job"};
    case drift_class::count_:
      break;
  }
  return {"", "", ""};
}

const char* to_string(drift_class which) {
  return words_of(which).name;
}

per_drift<drift_class> all_drift_classes() {
  per_drift<drift_class> out{};
  for (size_t i = 0; i < out.size(); ++i)
    out[i] = static_cast<drift_class>(i);
  return out;
}

std::optional<drift_class> to_drift_class(std::string_view name) {
  for (auto which : all_drift_classes())
    if (name == to_string(which))
      return which;
  return std::nullopt;
}

uint64_t drift_report::left() const {
  uint64_t sum = 0;
  for (const auto& x : classes)
    sum += x.left();
  return sum;
}

} // namespace darkroom
