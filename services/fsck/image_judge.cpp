#include "services/fsck/image_judge.hpp"

#include "config/words.hpp"
#include "services/storage/names.hpp"

#include <algorithm>
#include <utility>

namespace darkroom {

namespace {

/// Judges one image; the members are what is known about it so far.
class judgement {
public:
  judgement(const audited_image& x, const image_evidence& by)
    : x_(x),
      by_(by),
      folder_(safe_name(x.id)) {}

  image_verdict operator()() {
    find_needs();
    find_lost_variants();
    if (is_wanted(drift_class::row_without_file) && is_original_missed())
      return lost_original();
    if (!needs_.empty() && is_wanted(class_of_needs()))
      return missing_jobs();
    if (!lost_.empty() && is_wanted(drift_class::row_without_file))
      return lost_variants();
    if (is_wanted(drift_class::wrong_status))
      return wrong_status();
    return {};
  }

private:
  bool is_wanted(drift_class which) const {
    return by_.wanted[static_cast<size_t>(which)];
  }

  bool is_there(const std::string& path) const {
    return !by_.is_gone || !by_.is_gone(path);
  }

  bool is_completed(image_part part) const {
    const auto* row = x_.find(part);
    return row != nullptr && row->status == work_status::completed;
  }

  bool has_rows(image_part part) const {
    switch (part) {
      case image_part::metadata:
        return x_.has_metadata;
      case image_part::variants:
        return !x_.variants.empty();
      case image_part::embedding: // without a text there is nothing to make
        return x_.has_vector || !x_.has_text;
    }
    return true;
  }

  /// Whether somebody wants the part of this image. The jobs that a web tier
  /// adds need not be those of an upload.
  bool is_expected(image_part part) const {
    if (x_.find(part) != nullptr)
      return true;
    if (part == image_part::embedding)
      return is_completed(image_part::metadata) && x_.has_text;
    return !rules_of(part).is_chained && (x_.is_upload || x_.parts.empty());
  }

  bool is_missing(image_part part) const {
    const auto* row = x_.find(part);
    if (row == nullptr || row->status == work_status::pending)
      return is_expected(part);
    if (row->status == work_status::completed)
      return !has_rows(part);
    return row->status == work_status::processing;
  }

  void find_needs() {
    if (x_.has_outbox)
      return; // its jobs are about to be added
    for (auto part : all_image_parts())
      if (is_missing(part) && !by_.jobs.makes(folder_, part))
        needs_.push_back(part);
    // The job of the metadata adds that of the embedding.
    if (std::find(needs_.begin(), needs_.end(), image_part::metadata)
        != needs_.end())
      std::erase(needs_, image_part::embedding);
  }

  void find_lost_variants() {
    if (!is_completed(image_part::variants)
        || by_.jobs.makes(folder_, image_part::variants))
      return;
    for (const auto& path : x_.variants)
      if (!is_there(path))
        lost_.push_back(path);
  }

  bool is_begun(image_part part, work_status as) const {
    const auto* row = x_.find(part);
    return row != nullptr && row->status == as;
  }

  drift_class class_of_needs() const {
    auto any = [this](work_status as) {
      return std::any_of(needs_.begin(), needs_.end(),
                         [&](auto part) { return is_begun(part, as); });
    };
    auto all_completed
      = std::all_of(needs_.begin(), needs_.end(), [this](auto part) {
          return is_begun(part, work_status::completed);
        });
    return any(work_status::processing) ? drift_class::stuck_processing
           : all_completed              ? drift_class::part_without_rows
                                        : drift_class::image_without_jobs;
  }

  /// Whether the original is gone and the image does not say so.
  bool is_original_missed() {
    if (by_.jobs.is_about(folder_) || x_.has_outbox || is_there(x_.file_path))
      return false; // a job that misses it fails by itself
    is_original_gone_ = true;
    auto reads = std::any_of(needs_.begin(), needs_.end(), [](auto part) {
      return !rules_of(part).is_chained;
    });
    // A web tier may remove its own file once its picture is done.
    return reads
           || (x_.is_upload && x_.status != to_string(work_status::failed));
  }

  /// Its original is gone: nothing that is read from it can be made again.
  image_verdict lost_original() const {
    image_verdict out;
    out.which = drift_class::row_without_file;
    out.what = "its original " + x_.file_path + " is gone";
    sort_needs(out);
    if (out.fail.empty())
      out.fail.push_back(failure_of(x_.find(image_part::variants) != nullptr
                                      ? image_part::variants
                                      : image_part::metadata));
    return out;
  }

  image_verdict missing_jobs() const {
    image_verdict out;
    out.which = class_of_needs();
    std::vector<std::string> names;
    for (auto part : needs_)
      names.emplace_back(to_string(part));
    auto list = joined(names, " and ");
    switch (*out.which) {
      case drift_class::stuck_processing:
        out.what = "no job is at work on its " + list;
        break;
      case drift_class::part_without_rows:
        out.what = "completed, but there is nothing of its " + list;
        break;
      default:
        out.what = "no job will make its " + list;
    }
    sort_needs(out);
    if (!lost_.empty() && !is_original_gone_
        && std::find(out.make.begin(), out.make.end(), image_part::variants)
             == out.make.end())
      out.make.push_back(image_part::variants);
    return out;
  }

  image_verdict lost_variants() const {
    image_verdict out;
    if (is_original_gone_)
      return out; // the image is failed already
    out.which = drift_class::row_without_file;
    out.what = lost_.front() + " is gone";
    if (lost_.size() > 1)
      out.what += ", and " + counted(lost_.size() - 1, "other variant");
    out.make.push_back(image_part::variants);
    return out;
  }

  image_verdict wrong_status() const {
    if (by_.jobs.is_about(folder_) || x_.has_outbox)
      return {}; // its job derives the status when it begins
    per_part<work_status> parts{};
    for (const auto& row : x_.parts)
      parts[static_cast<size_t>(row.part)] = row.status;
    std::string derived = to_string(derive_status(parts));
    image_verdict out;
    if (derived == x_.status)
      return out;
    out.which = drift_class::wrong_status;
    out.what = "it is " + x_.status + ", by its parts " + derived;
    out.is_refreshed = true;
    return out;
  }

  void sort_needs(image_verdict& into) const {
    for (auto part : needs_)
      if (is_original_gone_ && !rules_of(part).is_chained)
        into.fail.push_back(failure_of(part));
      else
        into.make.push_back(part);
  }

  part_failure failure_of(image_part part) const {
    const auto* row = x_.find(part);
    return {part, row != nullptr ? row->stamp : attempt_stamp{},
            "the original '" + x_.file_path
              + "' is gone: upload the picture again, or remove the image"};
  }

  const audited_image& x_;
  const image_evidence& by_;
  std::string folder_;
  std::vector<image_part> needs_; ///< parts that lack a job
  std::vector<std::string> lost_; ///< variants that lack their file
  bool is_original_gone_ = false;
};

} // namespace

image_verdict judge(const audited_image& x, const image_evidence& by) {
  return judgement{x, by}();
}

} // namespace darkroom
