/// What is wrong with one image, and what mends it. No I/O but looks at files.
#pragma once

#include "services/catalog/catalog_audit.hpp"
#include "services/fsck/drift.hpp"
#include "services/fsck/unfinished_index.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// A part that is to be noted as failed.
struct part_failure {
  image_part part{};
  attempt_stamp stamp; ///< without a job: nobody began the part
  std::string why;
};

/// The judgement of one image. Without a class all is well.
struct image_verdict {
  std::optional<drift_class> which;
  std::string what;             ///< what is wrong, for people
  std::vector<image_part> make; ///< parts that need a job
  std::vector<part_failure> fail;
  bool is_refreshed = false; ///< its status is to be derived anew
};

/// What an image is judged by.
struct image_evidence {
  const unfinished_index& jobs;
  /// Whether a file of this name is gone. Empty: files cannot be looked at, and
  /// count as there.
  std::function<bool(const std::string&)> is_gone;
  const per_drift<bool>& wanted; ///< other classes count as healthy
};

/// Judges an image that nothing has changed lately. An image has at most one
/// class: the first of a gone original, missing jobs, missing rows, missing
/// variants and a wrong status; its repair mends all of them.
image_verdict judge(const audited_image& x, const image_evidence& by);

} // namespace darkroom
