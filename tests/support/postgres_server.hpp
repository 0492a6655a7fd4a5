/// A real PostgreSQL server for one test.
#pragma once

#include "config/settings.hpp"
#include "tests/support/scratch.hpp"

#include <sys/types.h>

#include <set>
#include <string>
#include <utility>
#include <vector>

struct passwd;

namespace darkroom::test {

/// The default settings of a catalog in another database.
inline catalog_settings catalog_in(std::string database) {
  catalog_settings out;
  out.database = std::move(database);
  return out;
}

/// Listens on a unix socket in its own folder. Ends with the object, and with
/// the test process however that ends. PostgreSQL refuses to run as root, so
/// under root it runs as `postgres` or `nobody`.
class postgres_server {
public:
  postgres_server();
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;
  ~postgres_server();

  /// The URL of a database on this server.
  std::string url(const std::string& database,
                  const std::string& user = "darkroom") const;

  /// Makes an empty database. @returns its URL
  std::string make_database();

  /// Runs statements as the server's owner.
  void run(const std::string& sql);

  /// Ends the server as if the machine lost power.
  void kill();

  /// Ends all connections and accepts no new ones, like an operator would.
  void shut_down();

  void start();

  /// Stops its processes: connections stay open but get no answers.
  void freeze();

  void thaw();

private:
  /// Debian keeps the programs of each version in their own folder.
  static std::string find_programs();
  static const passwd* find_user();

  std::string data() const;
  std::string log() const;
  pid_t run_program(std::vector<std::string> words);

  /// True once it accepts us; false if it ends, or after 20 s.
  bool answers();

  void stop(int signal);

  std::set<pid_t> children() const;

  std::string bin_ = find_programs();
  const passwd* user_ = find_user(); ///< null: ourselves
  scratch_folder folder_;
  pid_t pid_ = -1;
  std::set<pid_t> frozen_;
  int made_ = 0;
};

/// One server for all test cases of this process.
postgres_server& shared_postgres();

} // namespace darkroom::test
