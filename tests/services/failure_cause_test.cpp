#define CAF_SUITE failure_cause

#include "services/redis/failure_cause.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

CAF_TEST(what changes from job to job becomes a gap) {
  auto check = [](const char* failure, const char* cause) {
    CAF_CHECK_EQUAL(cause_of(failure), cause);
  };
  check("cannot open '/data/a.jpg' (errno 2)", "cannot open … (errno …)");
  check("HTTP 503 from https://api.example.com/v1/chat: busy",
        "HTTP … from …: busy");
  check("image 6f9619ff-8b86-d011-b42d-00c04fc964ff is gone",
        "image … is gone");
  check("uploads/2026/x.png has 40,000 x 30,000 pixels",
        "… has …,… x …,… pixels");
  check("can't decode: it's cut off", "can't decode: it's cut off");
  check("first line\nsecond line 7", "first line");
  check("", "");
  check("unbalanced 'quote", "unbalanced 'quote");
}

CAF_TEST(equal causes give equal texts and others do not ) {
  CAF_CHECK_EQUAL(cause_of("job 17 timed out after 20 s"),
                  cause_of("job 9 timed out after 1500 s"));
  CAF_CHECK(cause_of("job 17 timed out") != cause_of("job 17 was lost"));
}

CAF_TEST(a cause is bounded and whole UTF - 8) {
  std::string long_text;
  while (long_text.size() < 5000)
    long_text += "größer ";
  auto cause = cause_of(long_text);
  CAF_CHECK(cause.size() <= 200);
  CAF_CHECK(cause.ends_with("…"));
  CAF_CHECK(cause.find("\xc3…") == cause.npos);
  CAF_CHECK(cause_of(std::string(100000, '\'')).size() <= 200);
}
