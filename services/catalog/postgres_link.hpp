/// libpq's connection as a value: finite waits, and errors in our words.
#pragma once

#include "config/settings.hpp"
#include "messages/result.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

struct pg_conn;
struct pg_result;

namespace darkroom {

struct postgres_rows_deleter {
  void operator()(pg_result* rows) const;
};
using postgres_rows = std::unique_ptr<pg_result, postgres_rows_deleter>;

/// A value of a statement, in the form that is sent.
struct postgres_value {
  std::string bytes; ///< text, or the contents of a BYTEA
  bool is_bytes = false;
};

/// Not thread-safe. Every call blocks, at most for the time limits of the
/// settings; a call that takes longer ends the connection.
class postgres_link {
public:
  /// @see open_postgres
  static result<std::shared_ptr<postgres_link>>
  open(const catalog_settings& cfg, const std::string& name);
  postgres_link(const postgres_link&) = delete;
  postgres_link& operator=(const postgres_link&) = delete;
  ~postgres_link();

  /// Runs statements, separated by semicolons; returns the rows of the last
  /// one.
  result<postgres_rows> run(const std::string& sql);

  /// Makes a prepared statement of this name.
  result<postgres_rows> prepare(const std::string& statement,
                                const std::string& sql);

  /// Runs a prepared statement; returns all its rows, in binary.
  result<postgres_rows> run(const std::string& statement,
                            const std::vector<postgres_value>& values);

  /// False once the connection is lost. Checks whether the server has closed
  /// it, but does not ask the server.
  bool is_alive();

private:
  using time_point = std::chrono::steady_clock::time_point;

  postgres_link(const catalog_settings& cfg, const std::string& name);
  status connect();
  status greet();
  result<postgres_rows> sent(int was_sent);
  status await_rows(time_point until);
  status await_socket(short events, time_point until);
  error lost(const std::string& why);
  error refused(const pg_result* rows);

  catalog_settings cfg_;
  std::string name_;
  pg_conn* handle_ = nullptr;
  bool is_lost_ = false;
};

} // namespace darkroom
