/// The interface of a database engine. Each engine has one source: sqlite.cpp
/// and postgres.cpp. Users of the catalog's rows see only database.hpp.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace darkroom {

/// What the connection may do. In PostgreSQL the role's rights decide.
enum class access { read_write, read_only };

/// A prepared statement. May outlive its engine, but then refuses to run.
class cursor {
public:
  virtual ~cursor() = default;

  /// Bind the value of `$position`, counted from 1.
  virtual void bind_text(int position, std::string_view text) = 0;
  virtual void bind_integer(int position, int64_t number) = 0;
  virtual void bind_bytes(int position, std::string_view bytes) = 0;

  /// Goes to the next row. The first call runs the statement.
  /// @returns false after the last row
  virtual result<bool> step() = 0;

  /// A column of the row, counted from 0; empty or 0 for NULL.
  virtual std::string_view text(int column) const = 0;
  virtual int64_t integer(int column) const = 0;

  /// Forgets rows and values.
  virtual void reset() = 0;
};

using cursor_ptr = std::shared_ptr<cursor>;

/// How an engine keeps its tables up to date.
struct schema_dialect {
  size_t count = 0; ///< number of migrations, and the newest version
  /// Statements, zero-terminated.
  const char* (*migration)(size_t index) = nullptr;
  /// Runs in the transaction of a migration, before the version is read. Waits
  /// for another process that migrates, and makes the table for the version.
  std::string prepare;
  const char* find = nullptr; ///< returns a row if a version is stored
  const char* read = nullptr; ///< returns the version
  const char* ours = nullptr; ///< returns a row if `image_parts` exists
  /// Returns the names of all tables that are called like ours.
  const char* namesakes = nullptr;
  std::string (*write)(int64_t version) = nullptr;
};

/// How an engine finds words in descriptions; parts of a SELECT.
struct word_dialect {
  const char* source; ///< of image_metadata AS m, with its words
  const char* match;  ///< whether they fit `$7`, an expression of words.hpp
  const char* rank;   ///< the order: those that fit best first
};

/// One connection. Not thread-safe. Errors are ec::catalog_failed if the engine
/// refuses, ec::catalog_unavailable if the same call may work later.
class engine {
public:
  virtual ~engine() = default;

  /// A statement, which is compiled once and kept. Parameters are `$1`, `$2`…
  virtual result<cursor_ptr> prepare(std::string_view sql) = 0;

  /// Runs statements that return no rows, separated by semicolons.
  virtual status execute(const std::string& sql) = 0;

  /// Begins a transaction that writes.
  virtual status begin() = 0;

  /// False once the connection is lost; then only a new engine helps. Checks
  /// locally, and does not ask the server.
  virtual bool is_alive() = 0;

  virtual const schema_dialect& dialect() const = 0;
  virtual const word_dialect& words() const = 0;
};

using engine_ptr = std::unique_ptr<engine>;

} // namespace darkroom
