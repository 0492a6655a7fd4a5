/// What only a catalog with a server can meet: it is away, frozen, restarted,
/// or does not let us in.
#define CAF_SUITE catalog_server

#include "services/catalog/postgres_error.hpp"
#include "tests/support/catalog_fixture.hpp"

#include <chrono>

using namespace darkroom;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

namespace {

const attempt_stamp first{"7", 100, 1};

struct fixture : catalog_fixture<postgres_place> {
  test::postgres_server& server = test::shared_postgres();

  /// Asks until there is another answer than that it is away.
  status until_back(const image_commit& rows) {
    auto end = clock_type::now() + 20s;
    auto done = commit(rows);
    while (!done && done.error().code == ec::catalog_unavailable
           && clock_type::now() < end) {
      std::this_thread::sleep_for(20ms);
      done = commit(rows);
    }
    return done;
  }

  /// A catalog whose URL names this instead.
  static error opening(const std::string& url) {
    return refused(catalog::open(test::catalog_in(url)));
  }
};

bool is_away(const status& x) {
  return !x && x.error().code == ec::catalog_unavailable;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(catalog_server_tests, fixture)

CAF_TEST(a server that was killed is away until it is back) {
  must(commit(metadata(first, "before")));
  server.kill();
  CAF_CHECK(is_away(begin(first, image_part::variants)));
  CAF_CHECK(is_away(begin(first, image_part::variants)));
  CAF_CHECK(refused(reader.image(id)).code == ec::catalog_unavailable);
  server.start();
  auto back = clock_type::now();
  must(until_back(variants(first, 1)));
  CAF_CHECK(clock_type::now() - back < 2s);
  std::this_thread::sleep_for(300ms); // the reader waits between its tries
  CAF_CHECK_EQUAL(image().variants.size(), 6u);
  CAF_CHECK_EQUAL(description(), "before");
}

CAF_TEST(a restart between two calls is not noticed) {
  must(commit(metadata(first, "before")));
  CAF_CHECK_EQUAL(description(), "before");
  server.shut_down();
  server.start();
  must(commit(variants(first, 1)));
  CAF_CHECK_EQUAL(image().variants.size(), 6u);
}

CAF_TEST(a commit during which the server dies is made again) {
  must(begin(first, image_part::variants));
  auto rows = variants(first, 1);
  rows.files.push_back({"a.tmp", "a"});
  auto published = 0;
  auto done = db.commit(rows, 10, [&](auto&) -> status {
    ++published;
    server.kill();
    return ok;
  });
  CAF_CHECK(is_away(done));
  server.start();
  CAF_CHECK_EQUAL(published, 1);
  CAF_CHECK(image().variants.empty());
  must(until_back(rows));
  CAF_CHECK_EQUAL(image().variants.size(), 6u);
}

CAF_TEST(a connection that ends is made anew) {
  must(begin(first, image_part::metadata));
  server.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
             "WHERE datname LIKE 't%'");
  must(until_back(metadata(first, "after")));
  CAF_CHECK_EQUAL(description(), "after");
}

CAF_TEST(a frozen server is given up in time) {
  cfg.connect_timeout = 300ms;
  cfg.command_timeout = 200ms;
  auto quick = must(catalog::open(cfg));
  server.freeze();
  auto start = clock_type::now();
  auto slow = quick.begin_part(first, id, path, image_part::metadata, 1);
  auto no_connection = quick.begin_part(first, id, path, image_part::metadata,
                                        1);
  auto took = clock_type::now() - start;
  server.thaw();
  CAF_CHECK(is_away(slow));
  CAF_CHECK(is_away(no_connection));
  CAF_CHECK(took > 1s && took < 3s); // 0.2 s and 1 s of grace, then 0.3 s
  std::this_thread::sleep_for(300ms);
  must(quick.begin_part(first, id, path, image_part::metadata, 1));
}

CAF_TEST(a main node that is frozen within a commit does not hold the others) {
  cfg.command_timeout = 300ms;
  auto frozen = must(catalog::open(cfg));
  auto other = must(catalog::open(cfg));
  auto rows = variants(first, 1);
  rows.files.push_back({"a.tmp", "a"});
  auto held = 0;
  auto done = frozen.commit(rows, 1, [&](auto&) -> status {
    auto newer = metadata({"7", 100, 2}, "newer");
    auto stored = other.commit(newer, 2, {});
    while (is_away(stored) && ++held < 10)
      stored = other.commit(newer, 2, {});
    must(stored);
    return ok;
  });
  CAF_CHECK(is_away(done)); // its transaction was ended, its rows are void
  CAF_CHECK(held > 0 && held < 10);
  CAF_CHECK_EQUAL(description(), "newer");
  CAF_CHECK(image().variants.empty());
}

CAF_TEST(a server that is away at the start is no error yet) {
  server.kill();
  auto late = must(catalog::open(cfg));
  auto reader_of_it = must(catalog_reader::open(cfg));
  CAF_CHECK(is_away(late.ensure_image("x", "x.jpg", 1)));
  server.start();
  std::this_thread::sleep_for(300ms);
  must(late.ensure_image("x", "x.jpg", 1));
  CAF_CHECK_EQUAL(must(reader_of_it.image("x")).file_path, "x.jpg");
}

CAF_TEST(who is not let in is told so and never his password) {
  auto nobody = opening("postgres://nobody:word@/t1?host="
                        + cfg.database.substr(cfg.database.find('=') + 1));
  CAF_CHECK(nobody.code == ec::catalog_failed);
  CAF_CHECK(has(nobody.context, "check user and password"));
  CAF_CHECK(!has(nobody.context, "word@"));
  auto nowhere = opening(server.url("nowhere"));
  CAF_CHECK(nowhere.code == ec::catalog_failed);
  CAF_CHECK(has(nowhere.context, "CREATE DATABASE"));
  for (auto url : {"postgres://me:wo%xx@h/db", "postgres://me:wo/xx@h/db"}) {
    auto malformed = opening(url);
    CAF_CHECK(malformed.code == ec::bad_config);
    CAF_CHECK(!has(malformed.context, "wo%") && !has(malformed.context, "xx"));
    CAF_CHECK(has(malformed.context, "the form is"));
  }
}

CAF_TEST(a role without the right to write is refused) {
  server.run("DROP ROLE IF EXISTS reader; CREATE ROLE reader LOGIN");
  auto url = cfg.database;
  url.replace(url.find("darkroom@"), 9, "reader@");
  auto limited
    = must(database::open(test::catalog_in(url), access::read_write, nullptr));
  auto why = refused(limited.execute("DELETE FROM images"));
  CAF_CHECK(why.code == ec::catalog_failed);
  CAF_CHECK(has(why.context, "permission denied"));
  CAF_CHECK(has(why.context, "give Darkroom's role the rights"));
}

CAF_TEST(a replica is no place to write until it is promoted) {
  server.run("ALTER SYSTEM SET default_transaction_read_only = on");
  server.run("SELECT pg_reload_conf()");
  auto replica = must(catalog::open(cfg));
  auto why = replica.ensure_image("x", "x.jpg", 1);
  server.run("ALTER SYSTEM RESET default_transaction_read_only");
  server.run("SELECT pg_reload_conf()");
  CAF_CHECK(is_away(why));
  CAF_CHECK(has(why.error().context, "name the primary"));
  must(replica.ensure_image("x", "x.jpg", 1));
}

CAF_TEST(text that PostgreSQL cannot hold is stored as far as it can) {
  auto rows = metadata(first, std::string{"a\0b\xff\xed\xa0\x80 ü", 10});
  must(commit(rows));
  CAF_CHECK_EQUAL(description(), "a\ufffdb\ufffd\ufffd\ufffd\ufffd ü");
}

CAF_TEST(what libpq says of a connection becomes one line with a code) {
  auto why = connect_error("db", "connection to server at \"h\", port 5432 "
                                 "failed: FATAL:  28P01: password "
                                 "authentication failed for user \"me\"\n"
                                 "LOCATION:  auth_failed, auth.c:326\n");
  CAF_CHECK(why.code == ec::catalog_failed);
  CAF_CHECK_EQUAL(why.context,
                  "catalog 'db' cannot be reached: connection to server at "
                  "\"h\", port 5432 failed: FATAL: password authentication "
                  "failed for user \"me\"; check user and password in the "
                  "URL, and pg_hba.conf");
  why = connect_error("db", "x failed: FATAL:  57P03: the database system is "
                            "starting up\n");
  CAF_CHECK(why.code == ec::catalog_unavailable);
  why = connect_error("db", "x failed: Connection refused\n\tIs the server "
                            "running?\n");
  CAF_CHECK(why.code == ec::catalog_unavailable);
  CAF_CHECK_EQUAL(why.context, "catalog 'db' cannot be reached: x failed: "
                               "Connection refused; Is the server running?");
}

CAF_TEST_FIXTURE_SCOPE_END()
