/// A real PostgreSQL server of a test's own.
#pragma once

#include "services/catalog/database.hpp"
#include "services/catalog/postgres.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace darkroom::test {

/// Listens on a unix socket in its own folder. Ends with the object, and with
/// the test process however that dies. PostgreSQL refuses to run as root: then
/// it runs as `postgres`, or as `nobody`.
class postgres_server {
public:
  postgres_server() {
    if (bin_.empty())
      CAF_FAIL("there is no initdb below /usr/lib/postgresql: install "
               "Debian's package postgresql");
    if (user_ && ::chown(folder_.path().c_str(), user_->pw_uid, user_->pw_gid))
      CAF_FAIL("cannot give the server its folder");
    auto pid = launch({"initdb", "-D", data(), "-U", "darkroom", "-A", "trust",
                       "-E", "UTF8", "--no-locale", "--no-sync"});
    auto status = 0;
    if (::waitpid(pid, &status, 0) != pid || status != 0)
      CAF_FAIL("initdb failed: " << log());
    start();
  }
  postgres_server(const postgres_server&) = delete;
  postgres_server& operator=(const postgres_server&) = delete;
  ~postgres_server() {
    stop(SIGQUIT); // at once, but it removes its shared memory
  }

  /// The URL of a database on it.
  std::string url(const std::string& database,
                  const std::string& user = "darkroom") const {
    return "postgres://" + user + "@/" + database + "?host=" + folder_.path();
  }

  /// Makes an empty database. @returns its URL
  std::string make_database() {
    auto name = "t" + std::to_string(++made_);
    run("CREATE DATABASE " + name);
    return url(name);
  }

  /// Runs statements as the server's owner.
  void run(const std::string& sql) {
    catalog_settings cfg{url("postgres")};
    auto db = must(database::open(cfg, access::read_write, nullptr));
    must(db.execute(sql));
  }

  /// As if the machine lost power.
  void kill() {
    for (auto pid : children()) // connections would live on for a moment
      ::kill(pid, SIGKILL);
    stop(SIGKILL);
  }

  /// Lets nobody in and ends all connections, as an operator would.
  void shut_down() {
    stop(SIGINT);
  }

  void start() {
    // What a server that was killed left behind may live a moment longer.
    for (int i = 0; i < 10; ++i) {
      pid_ = launch({"postgres", "-D", data(), "-k", folder_.path(), "-c",
                     "listen_addresses=", "-c", "fsync=off", "-c",
                     "shared_buffers=16MB"});
      if (answers())
        return;
      stop(SIGKILL);
    }
    CAF_FAIL("postgres did not start: " << log());
  }

  /// Stops its processes: connections stay, answers do not come.
  void freeze() {
    frozen_ = children();
    frozen_.insert(pid_);
    for (auto pid : frozen_)
      ::kill(pid, SIGSTOP);
  }

  void thaw() {
    for (auto pid : std::exchange(frozen_, {}))
      ::kill(pid, SIGCONT);
  }

private:
  /// Debian keeps each version's programs in a folder of its own.
  static std::string find_programs() {
    std::set<std::string> found;
    std::error_code none;
    for (const auto& entry :
         std::filesystem::directory_iterator("/usr/lib/postgresql", none))
      if (std::filesystem::exists(entry.path() / "bin/initdb"))
        found.insert(entry.path() / "bin/");
    return found.empty() ? "" : *found.rbegin();
  }

  static const passwd* find_user() {
    if (::geteuid() != 0)
      return nullptr;
    auto user = ::getpwnam("postgres");
    return user ? user : ::getpwnam("nobody");
  }

  std::string data() const {
    return folder_ / "data";
  }

  std::string log() const {
    return read_file(folder_ / "log");
  }

  pid_t launch(std::vector<std::string> words) {
    words[0] = bin_ + words[0];
    std::vector<char*> argv;
    for (auto& word : words)
      argv.push_back(word.data());
    argv.push_back(nullptr);
    auto log = folder_ / "log";
    auto parent = ::getpid();
    auto pid = ::fork();
    if (pid != 0)
      return pid;
    auto fd = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(fd, 1);
    ::dup2(fd, 2);
    auto is_other = !user_
                    || (::setgroups(0, nullptr) == 0
                        && ::setgid(user_->pw_gid) == 0
                        && ::setuid(user_->pw_uid) == 0);
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT); // a change of user would forget it
    if (is_other && ::chdir("/") == 0 && ::getppid() == parent)
      ::execv(argv[0], argv.data());
    ::_exit(127);
  }

  /// True once it lets us in; false if it ends, or after 20 s.
  bool answers() {
    catalog_settings cfg{url("postgres")};
    for (int i = 0; i < 1000; ++i) {
      if (::waitpid(pid_, nullptr, WNOHANG) != 0) {
        pid_ = -1;
        return false;
      }
      if (open_postgres(cfg, cfg.database))
        return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  void stop(int signal) {
    if (pid_ <= 0)
      return;
    thaw();
    ::kill(pid_, signal);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }

  std::set<pid_t> children() const {
    auto id = std::to_string(pid_);
    std::ifstream list{"/proc/" + id + "/task/" + id + "/children"};
    return {std::istream_iterator<pid_t>{list}, {}};
  }

  std::string bin_ = find_programs();
  const passwd* user_ = find_user(); ///< null: ourselves
  scratch_folder folder_;
  pid_t pid_ = -1;
  std::set<pid_t> frozen_;
  int made_ = 0;
};

/// One server for all test cases of this process.
inline postgres_server& shared_postgres() {
  static postgres_server server;
  return server;
}

} // namespace darkroom::test
