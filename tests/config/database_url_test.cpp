#define CAF_SUITE database_url

#include "config/database_url.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(a URL of PostgreSQL is known by its scheme) {
  CAF_CHECK(is_postgres_url("postgres://h/db"));
  CAF_CHECK(is_postgres_url("postgresql:///db"));
  CAF_CHECK(!is_postgres_url("data/postgres.db"));
  CAF_CHECK(!is_postgres_url("mysql://h/db"));
}

CAF_TEST(a password is masked and the rest is shown) {
  CAF_CHECK_EQUAL(mask_password("postgres://me:word@h:5432/db?sslmode=require"),
                  "postgres://me:****@h:5432/db?sslmode=require");
  CAF_CHECK_EQUAL(mask_password("postgres:///db?user=me&password=word&port=1"),
                  "postgres:///db?user=me&password=****&port=1");
  CAF_CHECK_EQUAL(mask_password("postgres://h/db?sslpassword=word"),
                  "postgres://h/db?sslpassword=****");
  CAF_CHECK_EQUAL(mask_password("postgres://h/db?pass%77ord=word"),
                  "postgres://h/db?pass%77ord=****");
}

CAF_TEST(what holds no password is shown as it is) {
  for (auto text : {"data/darkroom.db", "a:b@c", "", "postgres://me@h:1/db",
                    "postgres://h:5432/db", "postgres://a:1,b:2/db?x=y"})
    CAF_CHECK_EQUAL(mask_password(text), text);
}

CAF_TEST(a password that should have been encoded is masked too) {
  for (auto text :
       {"postgres://me:wo@rd@h/db", "postgres://me:wo/rd@h/db",
        "postgres://me:wo?rd@h/db", "postgres://me:x@wo?rd@h/db",
        "postgres://me:x@h/db?password=wo@rd", "postgres://me:wo#rd@h/db"}) {
    auto seen = mask_password(text);
    CAF_MESSAGE(seen);
    CAF_CHECK(seen.find("rd") == std::string::npos);
  }
}

CAF_TEST(parameters of Prisma are not for libpq) {
  auto read = read_postgres_url(
    "postgres://a@h/d?schema=my%20app&sslmode=require&connection_limit=5");
  CAF_CHECK_EQUAL(read.url, "postgres://a@h/d?sslmode=require");
  CAF_CHECK_EQUAL(read.schema, "my app");
  read = read_postgres_url("postgres://a@h/d?schema=app");
  CAF_CHECK_EQUAL(read.url, "postgres://a@h/d");
  CAF_CHECK_EQUAL(read_postgres_url("postgres://a@h/d").url,
                  "postgres://a@h/d");
  CAF_CHECK_EQUAL(read_postgres_url("postgres:///d?host=/tmp").url,
                  "postgres:///d?host=/tmp");
}

CAF_TEST(a file URL is a path) {
  CAF_CHECK_EQUAL(without_file_scheme("file:./dev.db"), "./dev.db");
  CAF_CHECK_EQUAL(without_file_scheme("file:///srv/a.db?connection_limit=1"),
                  "/srv/a.db");
  CAF_CHECK_EQUAL(without_file_scheme("data/a?b.db"), "data/a?b.db");
}

CAF_TEST(a message quotes names of parameters and no password) {
  std::string url = "postgres://u:pa%ss@h/d?schem=app";
  CAF_CHECK_EQUAL(mask_quotes("invalid URI query parameter: \"schem\"", url),
                  "invalid URI query parameter: \"schem\"");
  CAF_CHECK_EQUAL(mask_quotes("invalid token: \"pa%ss\"", url),
                  "invalid token: \"****\"");
  CAF_CHECK_EQUAL(mask_quotes("missing \"=\" in \"" + url, url),
                  "missing \"=\" in ****");
}
