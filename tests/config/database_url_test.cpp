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
