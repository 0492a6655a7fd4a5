/// Stages the variants of one run, and collects their rows.
#pragma once

#include "actors/jobs/job_type.hpp"
#include "messages/records.hpp"
#include "messages/result.hpp"
#include "services/codec/picture.hpp"

#include <optional>
#include <string>
#include <vector>

namespace darkroom {

/// Stages files under names of this attempt. They get their final names, which
/// the rows have, once the catalog's fence has let the attempt pass.
class variant_stager {
public:
  /// Both must outlive this object.
  variant_stager(const job_context& context, const std::string& image_id);

  /// Stages a file and adds a row for each variant that it serves. All have the
  /// name of the first one, unless each is to have a file of its own.
  status add(const encoded_variant& x);

  /// Stages the files of another image and adds rows like its own. One file
  /// that several of its rows have stays one file.
  status add_known(const std::vector<image_variant>& known);

  /// Removes what was staged, and forgets its rows.
  void undo();

  image_commit take() {
    return std::move(rows_);
  }

private:
  std::string name_of(const std::string& type, const std::string& format) const;
  result<staged_file> stage(const std::string& name, const std::string& bytes,
                            const std::optional<staged_file>& same);

  job_tools& tools_;
  const std::string& image_id_;
  attempt_stamp stamp_;
  image_commit rows_;
};

} // namespace darkroom
