/// How a value of our tables is written as the web tier stores it.
#pragma once

#include "services/catalog/app_tables.hpp"

#include <string>

namespace darkroom {

/// Makes expressions of SQL; `$1` is the image's id.
class app_values {
public:
  /// @param all must outlive this
  explicit app_values(const app_tables& all);

  /// The image's id, as the web tier's images have it.
  std::string key(const app_column& x) const;

  /// An id for a new row.
  std::string new_id(const app_column& x) const;

  /// `from`, an expression with a value of ours, in the type of `x`.
  std::string value(const app_column_rule& rule, const app_column& x,
                    const std::string& from) const;

private:
  std::string time(const app_column& x, const std::string& from) const;
  std::string sqlite_time(app_kind kind, const std::string& from) const;

  const app_tables& all_;
  std::string made_at_; ///< the image's created_at; empty if there is none
};

} // namespace darkroom
