#define CAF_SUITE query

#include "services/http/query.hpp"
#include "services/http/sse_query.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

http_request asked(const std::string& text) {
  http_request out;
  out.query = parse_query(text);
  return out;
}

bool has(const std::optional<http_response>& refusal, const char* words) {
  return refusal && refusal->status == 400
         && refusal->body.find(words) != std::string::npos;
}

/// Reads `text` as a request with a page from 0 to 9 and a state.
std::optional<http_response> read(const std::string& text) {
  auto request = asked(text);
  query_reader query{request};
  (void)query.number("page", 0, 0, 9);
  (void)query.word("state", "waiting", {"waiting", "active"});
  (void)query.text("name", 5);
  return query.refusal();
}

} // namespace

CAF_TEST(parameters that are right are read) {
  auto request = asked("page=9&state=active&name=a+b");
  query_reader query{request};
  CAF_CHECK_EQUAL(query.number("page", 0, 0, 9), 9);
  CAF_CHECK_EQUAL(query.word("state", "waiting", {"waiting", "active"}),
                  "active");
  CAF_CHECK_EQUAL(query.text("name", 5), "a b");
  CAF_CHECK_EQUAL(query.number("limit", 50, 1, 500), 50);
  CAF_CHECK(!query.refusal());
}

CAF_TEST(a number is whole and within its bounds) {
  CAF_CHECK(!read("page=0"));
  CAF_CHECK(!read("page=9"));
  for (const auto* wrong : {"10", "-1", "abc", "", "1.5", "1x", "%201", "0x1",
                            "85899346", "99999999999999999999", "%zz"})
    CAF_CHECK(has(read("page=" + std::string{wrong}),
                  "is not a whole number from 0 to 9"));
}

CAF_TEST(a word is one of those that are allowed) {
  CAF_CHECK(
    has(read("state=nonsense"), "state='nonsense' is not waiting or active"));
  CAF_CHECK(has(read("state=activ"), "did you mean 'active'?"));
  CAF_CHECK(has(read("state="), "is not waiting or active"));
}

CAF_TEST(a text is bounded and quoted in part) {
  CAF_CHECK(!read("name=12345"));
  CAF_CHECK(has(read("name=123456"), "at most 5 bytes"));
  CAF_CHECK(read("name=" + std::string(9000, 'x'))->body.size() < 300);
}

CAF_TEST(an event stream takes types that there are) {
  auto refusal = [](const std::string& text) {
    return refuse_stream(asked(text));
  };
  CAF_CHECK(!refusal(""));
  CAF_CHECK(!refusal("type=job-failed,job-completed&imageId=a,b&jobId=1"));
  CAF_CHECK(!refusal("lastEventId=1-2"));
  CAF_CHECK(has(refusal("type=job-failed,job-complete"),
                "did you mean 'job-completed'?"));
  CAF_CHECK(has(refusal("imageid=a"), "did you mean 'imageId'?"));
}

CAF_TEST(a parameter that nobody reads is refused) {
  CAF_CHECK(has(read("pgae=1"), "did you mean 'page'?"));
  CAF_CHECK(has(read("x%zz=1"), "there is no parameter 'x%zz'"));
  CAF_CHECK(has(read("whatever=1"), "known are page, state or name"));
  CAF_CHECK(read(std::string(9000, 'x') + "=1")->body.size() < 300);
  auto request = asked("page=1");
  CAF_CHECK(has(query_reader{request}.refusal(), "this takes none"));
}

CAF_TEST(what cannot be decoded keeps its name and holds no NUL) {
  using namespace std::string_literals;
  auto query = parse_query("a=%zz&b\0=%00&c=\0"s);
  CAF_CHECK_EQUAL(query["a"], "%zz");
  CAF_CHECK_EQUAL(query["b%00"], "%00");
  CAF_CHECK_EQUAL(query["c"], "%00");
  CAF_CHECK_EQUAL(query.size(), 3u);
}
