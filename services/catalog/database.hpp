/// A database of the catalog, of either engine: statements and transactions.
/// SQL is written once, in what SQLite and PostgreSQL have in common, with the
/// parameters `$1`, `$2`…
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

  /// Runs a statement that gives no rows.
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

/// One connection. Not thread-safe; must outlive its statements. A connection
/// that was lost is made anew at the next statement or transaction; while the
/// server is away each call says so, at once.
class database {
public:
  /// Brings or checks the tables of a connection that was just made.
  using greeting = status (*)(database& db);

  /// Opens `[catalog] database`; a SQLite file, with its folder, is made with
  /// read_write if it is missing. A server that is away is no error yet.
  static result<database> open(const catalog_settings& cfg, access how,
                               greeting greet);

  database(database&&) noexcept = default;

  /// A statement for `sql`.
  result<statement> prepare(std::string_view sql);

  /// Runs statements that give no rows, separated by semicolons.
  status execute(const std::string& sql);

  /// The connection, made anew if it was lost, except within a transaction.
  result<engine*> connected();

  /// How errors call it: its path, or its URL without the password.
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
  std::chrono::steady_clock::time_point retry_at_; ///< not before, while away
};

/// A write transaction; rolled back unless committed.
class transaction {
public:
  /// SQLite: waits for another writer at most the busy timeout. PostgreSQL:
  /// writers wait for each other where they lock the same rows.
  static result<transaction> begin(database& db);

  transaction(transaction&& other) noexcept;
  ~transaction();

  /// An error ec::catalog_unavailable leaves open whether it was committed.
  status commit();

private:
  explicit transaction(database* db) : db_(db) {}

  database* db_; ///< null once committed
};

} // namespace darkroom
