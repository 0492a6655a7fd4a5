/// What Darkroom's tables are called in a database that others use as well.
#pragma once

#include "config/settings.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace darkroom {

/// The prefix of the names of our tables: `[catalog] prefix`; beside the web
/// tier's tables at least "darkroom_".
std::string table_prefix(const catalog_settings& cfg);

/// The tables of the newest version, without their prefix.
const std::vector<std::string>& own_tables();

/// Renames our tables in SQL. SQL is written with the plain names; only this
/// class knows the others.
class table_names {
public:
  explicit table_names(std::string prefix) : prefix_(std::move(prefix)) {}

  /// The SQL with the prefix before each of our tables, and before what is
  /// called after them: indexes, triggers, constraints. A literal is renamed if
  /// it is the name of one of our tables. Names in double quotes are those of
  /// others and stay.
  std::string rename(std::string_view sql) const;

  bool is_plain() const {
    return prefix_.empty();
  }

private:
  std::string renamed(std::string_view word) const;

  std::string prefix_;
};

} // namespace darkroom
