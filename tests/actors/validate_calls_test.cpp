/// Checks of the messages about calls to providers.
#define CAF_SUITE validate_calls

#include "actors/validate.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

CAF_TEST(a call says whose it is) {
  provider_query x{"1", "token", "vision", {"a"}, {}};
  CAF_CHECK_EQUAL(validate(x), "");
  x.job_id.clear(); // a search, which only the token names
  CAF_CHECK_EQUAL(validate(x), "");
  x.token.clear();
  CAF_CHECK(has(validate(x), "token is"));
  x.token = "token";
  x.job_id = "1";
  x.token = "to\nken";
  CAF_CHECK(has(validate(x), "token is"));
  x.token = "token";
  x.resource = "sound";
  CAF_CHECK_EQUAL(validate(x), "unknown resource");
  x.resource = "vision";
  x.profiles.clear();
  CAF_CHECK(has(validate(x), "profiles"));
  x.profiles = {"a\n"};
  CAF_CHECK(has(validate(x), "unprintable"));
  x.profiles = {"a"};
  for (const auto& bad :
       {std::string{"*"}, std::string{"abc"}, std::string(65, 'a')}) {
    x.answer_key = bad;
    CAF_CHECK_EQUAL(validate(x), "answer_key is no hash");
  }
  x.answer_key = std::string(64, 'a');
  CAF_CHECK_EQUAL(validate(x), "");
}

CAF_TEST(the end of a call is bounded) {
  provider_report x;
  x.job_id = "1";
  x.token = "t";
  x.resource = "embedding";
  x.profile_id = "a";
  CAF_CHECK_EQUAL(validate(x), "");
  auto wrong = x;
  wrong.words = "two\nlines";
  CAF_CHECK(has(validate(wrong), "words"));
  wrong = x;
  wrong.end = static_cast<call_end>(99);
  CAF_CHECK_EQUAL(validate(wrong), "unknown end");
  wrong = x;
  wrong.answer.resize((1 << 20) + 1);
  CAF_CHECK_EQUAL(validate(wrong), "answer is too long");
  wrong = x;
  wrong.tokens_in = ~uint64_t{0};
  CAF_CHECK(has(validate(wrong), "tokens"));
}

CAF_TEST(a permit is bounded) {
  provider_permit x;
  CAF_CHECK_EQUAL(validate(x), "");
  x.wait_ms = -2;
  CAF_CHECK_EQUAL(validate(x), "wait_ms is out of range");
  x.wait_ms = 0;
  x.provider = 99;
  CAF_CHECK_EQUAL(validate(x), "provider is out of range");
}
