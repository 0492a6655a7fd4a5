#define CAF_SUITE catalog_file

#include "services/catalog/catalog.hpp"
#include "services/catalog/catalog_probe.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "tests/support/must.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/scratch.hpp"

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

using namespace darkroom;

namespace {

/// The sentence of the error, empty if there is none.
template <class T>
std::string sentence(const result<T>& x) {
  return x ? "" : x.error().context;
}

mode_t mode_of(const std::string& path) {
  struct stat found {};
  return ::stat(path.c_str(), &found) == 0 ? found.st_mode & 07777 : 0;
}

struct fixture {
  scratch_folder folder;
  catalog_settings cfg
    = test::catalog_in(folder.file("new/folder/darkroom.db"));
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(catalog_file_tests, fixture)

CAF_TEST(a new file is made with its folder) {
  must(catalog::open(cfg));
  CAF_CHECK(std::filesystem::exists(cfg.database));
  must(catalog_reader::open(cfg));
}

CAF_TEST(only its owner reads a catalog and the folders made for it) {
  auto mask = umask(0);
  auto db = must(database::open(cfg, access::read_write, nullptr));
  must(db.execute("CREATE TABLE t (x TEXT)"));
  umask(mask);
  for (const auto* name : {"", "-wal", "-shm"})
    CAF_CHECK_EQUAL(mode_of(cfg.database + name), 0600u);
  CAF_CHECK_EQUAL(mode_of(folder.file("new/folder")), 0700u);
  CAF_CHECK_EQUAL(mode_of(folder.file("new")), 0700u);
}

CAF_TEST(a catalog that others may read is tightened and its folder is not ) {
  chmod(folder.path().c_str(), 0755);
  cfg.database = folder.file("old.db");
  auto first = must(database::open(cfg, access::read_write, nullptr));
  must(first.execute("CREATE TABLE t (x TEXT)"));
  for (const auto* name : {"", "-wal", "-shm"})
    chmod((cfg.database + name).c_str(), 0644);
  auto second = must(database::open(cfg, access::read_write, nullptr));
  for (const auto* name : {"", "-wal", "-shm"})
    CAF_CHECK_EQUAL(mode_of(cfg.database + name), 0600u);
  CAF_CHECK_EQUAL(mode_of(folder.path()), 0755u);
}

CAF_TEST(a trial opens a catalog and brings no table up to date) {
  must(try_catalog(cfg));
  CAF_CHECK(!catalog_reader::open(cfg)); // it has no tables
  must(catalog::open(cfg));
  must(try_catalog(cfg));
  auto db = must(database::open(cfg, access::read_write, nullptr));
  must(db.execute("PRAGMA user_version = 1000"));
  CAF_CHECK(has(sentence(try_catalog(cfg)), "run the newer Darkroom"));
}

CAF_TEST(a trial tells a catalog that cannot be opened) {
  cfg.database = folder.file("photo.jpg");
  std::ofstream(cfg.database) << std::string(5000, 'x');
  CAF_CHECK(has(sentence(try_catalog(cfg)), "restore a copy"));
  cfg.database = folder.path();
  CAF_CHECK(has(sentence(try_catalog(cfg)), "could not be opened"));
}

CAF_TEST(a reader of no file says which) {
  auto why = sentence(catalog_reader::open(cfg));
  CAF_MESSAGE(why);
  CAF_CHECK(has(why, cfg.database));
  CAF_CHECK(has(why, "check that the folder exists"));
}

CAF_TEST(a file that is no database is refused) {
  cfg.database = folder.file("photo.jpg");
  std::ofstream(cfg.database) << std::string(5000, 'x');
  auto why = sentence(catalog::open(cfg));
  CAF_MESSAGE(why);
  CAF_CHECK(has(why, "restore a copy"));
}

CAF_TEST(a full disk is named as such and rolls back) {
  cfg.database = folder.file("full.db");
  auto db = must(database::open(cfg, access::read_write, nullptr));
  must(db.execute("CREATE TABLE t (x TEXT)"));
  must(db.execute("PRAGMA max_page_count = 4"));
  {
    auto step = must(transaction::begin(db));
    auto insert = must(db.prepare("INSERT INTO t VALUES ($1)"));
    auto why = sentence(insert.bind(std::string(100000, 'x')).run());
    CAF_MESSAGE(why);
    CAF_CHECK(has(why, "free space"));
  }
  auto count = must(db.prepare("SELECT count(*) FROM t"));
  must(count.step());
  CAF_CHECK_EQUAL(count.integer(0), 0);
}

CAF_TEST(a file without the right to write is refused at start) {
  cfg.database = folder.file("readonly.db");
  must(catalog::open(cfg));
  chmod(folder.file("").c_str(), 0755);
  chmod(cfg.database.c_str(), 0444);
  // Root may write anything; as nobody it may not.
  auto root = geteuid() == 0;
  if (root)
    setfsuid(65534);
  auto why = sentence(catalog::open(cfg));
  if (root)
    setfsuid(0);
  CAF_MESSAGE(why);
  CAF_CHECK(has(why, "the right to write"));
}

CAF_TEST_FIXTURE_SCOPE_END()
