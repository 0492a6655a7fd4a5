/// A database of the catalog, of either engine: statements and transactions.
/// SQL is written once, in the dialect that SQLite and PostgreSQL share, with
/// the parameters `$1`, `$2`…
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"
#include "services/catalog/engine.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace darkroom {

/// With `tables = "off"`, a database in memory that all connections of this
/// process share and that ends with the last of them: for the parts of the API
/// that need one. Other settings are returned unchanged.
catalog_settings passing_catalog(catalog_settings cfg);

/// A prepared statement on loan from its database, which keeps it for the next
/// use. Reset when it goes out of scope. Columns count from 0.
class statement {
public:
  explicit statement(cursor_ptr rows) : rows_(std::move(rows)) {}
  statement(statement&& other) noexcept = default;
  statement(const statement&) = delete;
  ~statement();

  /// Binds the values to `$1`, `$2`…
  template <class... Values>
  statement& bind(const Values&... values) {
    (bind_next(values), ...);
    return *this;
  }

  /// Goes to the next row. @returns false after the last one.
  result<bool> step();

  /// Runs a statement that returns no rows.
  status run();

  /// A column's text or bytes; empty for NULL. Valid until the next step.
  std::string_view text(int column) const;
  int64_t integer(int column) const;

private:
  void bind_next(std::string_view text);
  void bind_next(const std::string& text);
  void bind_next(const char* text);
  void bind_next(int64_t number);
  void bind_next(uint32_t number);
  void bind_next(uint64_t number);
  void bind_next(const std::vector<float>& floats); ///< as little-endian bytes

  cursor_ptr rows_;
  int bound_ = 0;
};

/// One connection. Not thread-safe; must outlive its statements. After a lost
/// connection, the next statement or transaction reconnects. While the server
/// is down, each call fails at once.
class database {
public:
  /// Migrates or checks the tables right after connecting.
  using greeting = status (*)(database& db);

  /// Opens `[catalog] database`; with read_write, makes a missing SQLite file
  /// and its folder. Also succeeds while the server is down.
  static result<database> open(const catalog_settings& cfg, access how,
                               greeting greet);

  database(database&&) noexcept = default;

  /// A statement for `sql`.
  result<statement> prepare(std::string_view sql);

  /// Runs statements that return no rows, separated by semicolons.
  status execute(const std::string& sql);

  /// The connection. Reconnects if it was lost, except within a transaction.
  result<engine*> connected();

  /// Its name in errors: its path, or its URL without the password.
  const std::string& name() const {
    return name_;
  }

private:
  friend class transaction;
  database(const catalog_settings& cfg, access how, greeting greet);
  status connect();
  void went(const status& tried);

  catalog_settings cfg_;
  access how_;
  greeting greet_;
  std::string name_;
  engine_ptr engine_;
  bool in_transaction_ = false;
  error away_; ///< why there is no connection; no code while there is one
  std::chrono::steady_clock::time_point retry_at_; ///< while down, not before
};

/// A write transaction; rolled back unless committed.
class transaction {
public:
  /// SQLite: waits for another writer, at most for the busy timeout.
  /// PostgreSQL: writers wait for each other only if they lock the same rows.
  static result<transaction> begin(database& db);

  transaction(transaction&& other) noexcept;
  ~transaction();

  /// After ec::catalog_unavailable it is unknown whether it was committed.
  status commit();

private:
  explicit transaction(database* db) : db_(db) {}

  database* db_; ///< null once committed
};

} // namespace darkroom
