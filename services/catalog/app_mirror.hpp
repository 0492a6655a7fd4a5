/// Keeps the web tier's tables equal to ours, with `[catalog] tables =
/// "adopt"`. Ours stay the truth; theirs are written in the same transaction.
#pragma once

#include "config/settings.hpp"
#include "messages/image_part.hpp"
#include "services/catalog/app_sql.hpp"
#include "services/catalog/database.hpp"

#include <memory>
#include <string>

namespace darkroom {

/// Not thread-safe. Does nothing in the other modes, nor for an image of which
/// the web tier has no row. Call it within a transaction that has written our
/// rows. The errors are those of the database's calls; if the tables do not
/// fit, ec::catalog_failed with what is wrong.
class app_mirror {
public:
  explicit app_mirror(const catalog_settings& cfg) : cfg_(cfg) {}

  /// Looks at the tables now, unless the server is down.
  status check(database& db);

  /// The image's status.
  status put_status(database& db, const std::string& image_id);

  /// What a finished run of the part wrote. The last part of the chain also
  /// adds what is missing: the web tier may have added the image after its job.
  status put_part(database& db, const std::string& image_id, image_part part);

  /// A picture that was uploaded to Darkroom.
  /// @returns ec::conflict if only the web tier can fill its row
  status add_image(database& db, const std::string& image_id);

  status remove(database& db, const std::string& image_id);

private:
  status load(database& db);
  status run(database& db, const std::string& sql, const std::string& image_id);
  bool is_for(const std::string& image_id) const;

  catalog_settings cfg_;
  std::shared_ptr<const app_tables> tables_; ///< null until they were looked at
  app_sql sql_;
};

/// The misfits as one text.
std::string describe(const std::vector<app_misfit>& all);

} // namespace darkroom
