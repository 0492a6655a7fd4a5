/// The web tier's tables with `[catalog] tables = "adopt"`: what they are
/// called and which types their columns have.
#pragma once

#include "config/app_columns.hpp"
#include "config/settings.hpp"
#include "services/catalog/database.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// The types that matter for how a value is written.
enum class app_kind {
  text,
  uuid,
  integer,     ///< of 8 bytes, or of any number in SQLite
  small,       ///< an integer of 4 bytes or less
  json,        ///< json or jsonb of PostgreSQL
  text_array,  ///< text[] of PostgreSQL
  enumeration, ///< of PostgreSQL
  timestamp,   ///< without a time zone; UTC, as ORMs write it
  timestamptz,
  datetime, ///< of SQLite, which may hold a number or a text
  other
};

/// A column as the database describes it.
struct app_column {
  std::string name;
  std::string type; ///< as the database calls it
  app_kind kind = app_kind::other;
  bool is_required = false; ///< NOT NULL
  bool has_default = false; ///< the database can fill it
  bool is_upper = false;    ///< an enumeration whose words are in capitals
  std::vector<std::string> words; ///< of an enumeration
};

/// A table as the database describes it.
struct app_table {
  std::string_view key; ///< "image_variants"
  std::string name;     ///< for SQL, quoted
  bool is_there = false;
  std::vector<app_column> columns; ///< all of them
};

/// All three.
struct app_tables {
  bool is_postgres = false;
  bool may_write = true; ///< as far as the role's rights are concerned
  std::map<std::string, std::string> names; ///< [catalog.names]
  std::vector<app_table> tables;            ///< as in app_table_keys()

  const app_table& table(std::string_view key) const;

  /// The column that holds what the rule says; null if there is none.
  const app_column* find(const app_column_rule& rule) const;

  /// The same by its names in app_column_rules().
  const app_column* find(std::string_view table, std::string_view name) const;

  /// Whether the map says that there is no such column.
  bool is_left_out(const app_column_rule& rule) const;

  /// What a missing column should be called.
  std::string wanted_name(const app_column_rule& rule) const;
};

/// Asks the database. @returns the errors of its calls
result<app_tables> read_app_tables(database& db, const catalog_settings& cfg);

/// Something that does not fit, and the SQL that would make it fit.
struct app_misfit {
  std::string what;
  std::string sql;
};

/// What keeps Darkroom from writing the tables; empty if they fit.
std::vector<app_misfit> find_misfits(const app_tables& all);

} // namespace darkroom
