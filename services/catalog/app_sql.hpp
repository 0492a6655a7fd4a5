/// The SQL that writes the web tier's tables: each statement copies rows of our
/// tables, in the same database, into the types that theirs have.
#pragma once

#include "services/catalog/app_tables.hpp"

#include <string>
#include <vector>

namespace darkroom {

/// Statements; `$1` is the image's id. Our tables have their plain names.
struct app_sql {
  /// The status of the image's row, with error and times.
  std::string put_status;
  /// Replaces the metadata; then adds them if there are none.
  std::vector<std::string> put_metadata;
  std::string add_metadata;
  /// Replaces the variants; then adds those that are missing.
  std::vector<std::string> put_variants;
  std::string add_variants;
  /// Removes variants in the folder `$2` that are not among ours any more.
  std::string drop_variants;
  /// Adds the row of a picture that was uploaded here.
  std::string add_image;
  /// Removes the rows of all three tables, the image's last.
  std::vector<std::string> remove;
};

/// @param all must fit
app_sql make_app_sql(const app_tables& all);

} // namespace darkroom
