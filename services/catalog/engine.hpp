/// What the catalog asks of a database engine. One source an engine: sqlite.cpp
/// and postgres.cpp; who uses the catalog's rows sees only database.hpp.
#pragma once

#include "messages/result.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace darkroom {

/// What for; PostgreSQL leaves it to the role's rights.
enum class access { read_write, read_only };

/// A prepared statement. May outlive its engine, but then refuses to run.
class cursor {
public:
  virtual ~cursor() = default;

  /// Bind the value of `$position`, counted from 1.
  virtual void bind_text(int position, std::string_view text) = 0;
  virtual void bind_integer(int position, int64_t number) = 0;
  virtual void bind_bytes(int position, std::string_view bytes) = 0;

  /// Goes to the next row; the first time, runs the statement.
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
  size_t count; ///< of migrations; also the version after the last one
  const char* (*migration)(size_t index); ///< statements, zero-terminated
  /// Run in the transaction of a migration, before the version is read: waits
  /// for another process that migrates, and makes the place for the version.
  const char* prepare;
  const char* find; ///< gives a row if there is a version to read
  const char* read; ///< gives the version
  std::string (*write)(int64_t version);
};

/// One connection. Not thread-safe. Errors are ec::catalog_failed where the
/// engine refuses, ec::catalog_unavailable where the same may work later.
class engine {
public:
  virtual ~engine() = default;

  /// A statement; compiled once and kept. Parameters are `$1`, `$2`…
  virtual result<cursor_ptr> prepare(std::string_view sql) = 0;

  /// Runs statements that give no rows, separated by semicolons.
  virtual status execute(const std::string& sql) = 0;

  /// Begins a transaction that writes.
  virtual status begin() = 0;

  /// False once the connection is lost: then only a new engine helps. Looks,
  /// but does not ask the server.
  virtual bool is_alive() = 0;

  virtual const schema_dialect& dialect() const = 0;
};

using engine_ptr = std::unique_ptr<engine>;

} // namespace darkroom
