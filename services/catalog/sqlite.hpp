/// SQLite's C handles as values that clean up after themselves. Every failure
/// is ec::catalog_failed and names the file and what was being done.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace darkroom {

/// A prepared statement on loan from its database, which keeps it for the next
/// use. Reset when it goes out of scope. Columns count from 0.
class statement {
public:
  statement(sqlite3_stmt* handle, const std::string& path);
  statement(statement&& other) noexcept;
  statement(const statement&) = delete;
  ~statement();

  /// Binds the values to the statement's `?`, in order.
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
  void bind_next(std::nullptr_t);
  void bind_next(const std::vector<float>& floats); ///< as a little-endian BLOB

  sqlite3_stmt* handle_;
  const std::string* path_; ///< owned by the database, which outlives us
  int bound_ = 0;
};

enum class access { read_write, read_only };

/// One connection. Not thread-safe; must outlive its statements.
class database {
public:
  /// Opens the file, and with read_write makes it and its folder if missing.
  static result<database> open(const std::string& path, access how);

  database(database&&) noexcept;
  ~database();

  /// A statement for `sql`; compiled once and kept.
  result<statement> prepare(std::string_view sql);

  /// Runs statements that give no rows, separated by semicolons.
  status execute(const char* sql);

  const std::string& path() const {
    return *path_;
  }

private:
  struct closer {
    void operator()(sqlite3* handle) const;
  };
  struct finalizer {
    void operator()(sqlite3_stmt* handle) const;
  };
  database() = default;
  status configure(access how);

  std::unique_ptr<std::string> path_; ///< on the heap: statements point to it
  std::unique_ptr<sqlite3, closer> handle_;
  std::map<std::string, std::unique_ptr<sqlite3_stmt, finalizer>, std::less<>>
    kept_; ///< declared after handle_: finalized before it closes
};

/// A write transaction; rolled back unless committed.
class transaction {
public:
  /// Waits for another writer at most the busy timeout.
  static result<transaction> begin(database& db);

  transaction(transaction&& other) noexcept;
  ~transaction();

  status commit();

private:
  explicit transaction(database* db) : db_(db) {}

  database* db_; ///< null once committed
};

} // namespace darkroom
