#include "tests/support/postgres_server.hpp"

#include "services/catalog/database.hpp"
#include "services/catalog/postgres.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/must.hpp"

#include <pwd.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <thread>

namespace darkroom::test {

postgres_server::postgres_server() {
  if (bin_.empty())
    CAF_FAIL("there is no initdb below /usr/lib/postgresql: install "
             "Debian's package postgresql");
  if (user_ && ::chown(folder_.path().c_str(), user_->pw_uid, user_->pw_gid))
    CAF_FAIL("cannot give the server its folder");
  auto pid = run_program({"initdb", "-D", data(), "-U", "darkroom", "-A",
                          "trust", "-E", "UTF8", "--no-locale", "--no-sync"});
  auto status = 0;
  if (::waitpid(pid, &status, 0) != pid || status != 0)
    CAF_FAIL("initdb failed: " << log());
  start();
}

postgres_server::~postgres_server() {
  stop(SIGQUIT); // at once, but it removes its shared memory
}

std::string postgres_server::url(const std::string& database,
                                 const std::string& user) const {
  return "postgres://" + user + "@/" + database + "?host=" + folder_.path();
}

std::string postgres_server::make_database() {
  auto name = "t" + std::to_string(++made_);
  run("CREATE DATABASE " + name);
  return url(name);
}

void postgres_server::run(const std::string& sql) {
  auto cfg = catalog_in(url("postgres"));
  auto db = must(database::open(cfg, access::read_write, nullptr));
  must(db.execute(sql));
}

void postgres_server::kill() {
  for (auto pid : children()) // connections would live on for a moment
    ::kill(pid, SIGKILL);
  stop(SIGKILL);
}

void postgres_server::shut_down() {
  stop(SIGINT);
}

void postgres_server::start() {
  // What a server that was killed left behind may live a moment longer.
  for (int i = 0; i < 10; ++i) {
    pid_ = run_program({"postgres", "-D", data(), "-k", folder_.path(), "-c",
                        "listen_addresses=", "-c", "fsync=off", "-c",
                        "shared_buffers=16MB"});
    if (answers())
      return;
    stop(SIGKILL);
  }
  CAF_FAIL("postgres did not start: " << log());
}

void postgres_server::freeze() {
  frozen_ = children();
  frozen_.insert(pid_);
  for (auto pid : frozen_)
    ::kill(pid, SIGSTOP);
}

void postgres_server::thaw() {
  for (auto pid : std::exchange(frozen_, {}))
    ::kill(pid, SIGCONT);
}

std::string postgres_server::find_programs() {
  std::set<std::string> found;
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator("/usr/lib/postgresql", none))
    if (std::filesystem::exists(entry.path() / "bin/initdb"))
      found.insert(entry.path() / "bin/");
  return found.empty() ? "" : *found.rbegin();
}

const passwd* postgres_server::find_user() {
  if (::geteuid() != 0)
    return nullptr;
  auto user = ::getpwnam("postgres");
  return user ? user : ::getpwnam("nobody");
}

std::string postgres_server::data() const {
  return folder_ / "data";
}

std::string postgres_server::log() const {
  return read_file(folder_ / "log");
}

pid_t postgres_server::run_program(std::vector<std::string> words) {
  words[0] = bin_ + words[0];
  return launch(std::move(words), {folder_ / "log", SIGQUIT, user_});
}

bool postgres_server::answers() {
  auto cfg = catalog_in(url("postgres"));
  for (int i = 0; i < 1000; ++i) {
    if (has_ended(pid_)) {
      pid_ = -1;
      return false;
    }
    if (open_postgres(cfg, cfg.database))
      return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

void postgres_server::stop(int signal) {
  if (pid_ <= 0)
    return;
  thaw();
  end_child(pid_, signal);
  pid_ = -1;
}

std::set<pid_t> postgres_server::children() const {
  auto id = std::to_string(pid_);
  std::ifstream list{"/proc/" + id + "/task/" + id + "/children"};
  return {std::istream_iterator<pid_t>{list}, {}};
}

postgres_server& shared_postgres() {
  static postgres_server server;
  return server;
}

} // namespace darkroom::test
