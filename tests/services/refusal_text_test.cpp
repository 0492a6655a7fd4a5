#define CAF_SUITE refusal_text

#include "services/redis/refusal_text.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

CAF_TEST(what Redis refuses is told without its codes) {
  CAF_CHECK(
    has(refusal_text("NOAUTH Authentication required."), "[redis] password"));
  CAF_CHECK(has(refusal_text("WRONGTYPE Operation against a key holding the "
                             "wrong kind of value script: 3d36, on "
                             "@user_script:84."),
                "another program uses the same names"));
  CAF_CHECK_EQUAL(refusal_text("ERR unknown command 'X'"),
                  "Redis refused: unknown command 'X'");
  CAF_CHECK_EQUAL(refusal_text("NOPERM this user has no permissions"),
                  "Redis refused: this user has no permissions");
}

CAF_TEST(what a script refuses is told without the place in it) {
  CAF_CHECK_EQUAL(refusal_text("ERR user_script:309: there is no parent job "
                               "bull:x:9 script: 3d36da, on @user_script:309."),
                  "Redis refused: there is no parent job bull:x:9");
}

CAF_TEST(who may not enough hears which rule is missing) {
  std::string rule = "~bull:* ~darkroom:* &worker:events +@all -@admin "
                     "-@dangerous +info +role +client|list";
  auto text = with_acl_hint("NOPERM this user has no permissions to run the "
                            "'info' command");
  CAF_CHECK(has(text, "'info' command; the user needs"));
  CAF_CHECK(has(text, rule));
  CAF_CHECK(has(with_acl_hint("ERR The user executing the script can't run "
                              "this command script: 3d, on @user_script:8."),
                "run this command; the user needs"));
  CAF_CHECK_EQUAL(with_acl_hint("WRONGTYPE x"), "WRONGTYPE x");
}

CAF_TEST(a text of our own stays as it is) {
  for (const auto* text :
       {"there is no job 4", "", "Redis at h:1 failed", "OK", "a", "JSON"})
    CAF_CHECK_EQUAL(refusal_text(text), text);
}
