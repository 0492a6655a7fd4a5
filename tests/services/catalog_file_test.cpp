#define CAF_SUITE catalog_file

#include "services/catalog/catalog.hpp"
#include "services/catalog/catalog_reader.hpp"
#include "services/catalog/schema.hpp"
#include "tests/support/catalog_fixture.hpp"

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

using namespace darkroom;

namespace {

constexpr const char* some_table = "CREATE TABLE t (x TEXT)";

/// The sentence of the error, empty if there is none.
template <class T>
std::string sentence(const result<T>& x) {
  return x ? "" : x.error().context;
}

struct fixture {
  scratch_folder folder;
  catalog_settings cfg{folder.file("new/folder/darkroom.db")};
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(catalog_file_tests, fixture)

CAF_TEST(a new file is made with its folder and migrated once) {
  must(catalog::open(cfg));
  auto db = must(database::open(cfg.database, access::read_write));
  auto query = must(db.prepare("PRAGMA user_version"));
  must(query.step());
  CAF_CHECK_EQUAL(query.integer(0), schema_version());
  must(catalog::open(cfg));
  must(catalog_reader::open(cfg));
}

CAF_TEST(a file of a newer Darkroom is refused) {
  must(catalog::open(cfg));
  {
    auto db = must(database::open(cfg.database, access::read_write));
    must(db.execute("PRAGMA user_version = 99"));
  }
  CAF_CHECK(has(sentence(catalog::open(cfg)), "schema version 99"));
  CAF_CHECK(has(sentence(catalog_reader::open(cfg)), "schema version 99"));
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
  auto db = must(database::open(folder.file("full.db"), access::read_write));
  must(db.execute(some_table));
  must(db.execute("PRAGMA max_page_count = 4"));
  {
    auto step = must(transaction::begin(db));
    auto insert = must(db.prepare("INSERT INTO t VALUES (?)"));
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

CAF_TEST(two connections write in turn and a reader sees both) {
  auto one = must(catalog::open(cfg));
  auto two = must(catalog::open(cfg));
  auto reader = must(catalog_reader::open(cfg));
  must(one.begin_part({"1", 1, 1}, "a", "a.jpg", "metadata", 1));
  must(two.begin_part({"2", 1, 1}, "b", "b.jpg", "metadata", 2));
  CAF_CHECK_EQUAL(must(reader.list_images(10, 0)).total, 2);
  CAF_CHECK(!two.begin_part({"1", 1, 0}, "a", "a.jpg", "metadata", 3));
}

CAF_TEST(a transaction that is not committed leaves nothing) {
  auto db = must(database::open(folder.file("t.db"), access::read_write));
  must(db.execute(some_table));
  {
    auto step = must(transaction::begin(db));
    must(db.execute("INSERT INTO t VALUES ('x')"));
  }
  auto count = must(db.prepare("SELECT count(*) FROM t"));
  must(count.step());
  CAF_CHECK_EQUAL(count.integer(0), 0);
}

CAF_TEST_FIXTURE_SCOPE_END()
