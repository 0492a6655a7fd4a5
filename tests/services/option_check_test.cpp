#define CAF_SUITE option_check

#include "services/json/json.hpp"
#include "services/redis/option_check.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

std::string wrong_with(const char* text) {
  auto checked = check_options(must(parse_json(text)));
  return checked ? std::string{} : checked.error().context;
}

} // namespace

CAF_TEST(what BullMQ reads is known) {
  for (const auto* good :
       {R"({})", R"({"attempts":0})", R"({"attempts":9007199254740991})",
        R"({"backoff":5})", R"({"backoff":{"type":"fixed","delay":1}})",
        R"({"removeOnComplete":true})", R"({"removeOnFail":{"age":0}})",
        R"({"removeOnFail":-1})", R"({"de":{"id":"x"},"kl":1,"fpof":true})",
        R"({"delay":1000.0})", R"({"telemetry":{"metadata":"x"}})"}) {
    CAF_MESSAGE(good);
    CAF_CHECK_EQUAL(wrong_with(good), "");
  }
}

CAF_TEST(a name that nobody reads is refused with what was meant) {
  CAF_CHECK_EQUAL(wrong_with(R"({"attemps":1})"),
                  "options: 'attemps' is unknown; did you mean 'attempts'?");
  CAF_CHECK_EQUAL(wrong_with(R"({"parent":{"id":"1","queu":"q"}})"),
                  "options: parent is malformed: 'queu' is unknown; did you "
                  "mean 'queue'?");
  CAF_CHECK_EQUAL(wrong_with("{\"a\\u001b\":1}"),
                  R"(options: 'a\x1b' is unknown)");
}

CAF_TEST(a value that is read as something else is refused) {
  for (const auto* bad :
       {R"({"attempts":"3"})", R"({"attempts":2.5})", R"({"attempts":-1})",
        R"({"attempts":9007199254740993})", R"({"attempts":null})",
        R"({"lifo":1})", R"({"backoff":-1})", R"({"backoff":{"jitter":2}})",
        R"({"removeOnFail":-2})", R"({"removeOnFail":{"age":"0"}})",
        R"({"keepLogs":[]})", R"({"jobId":5})", R"({"deduplication":true})",
        R"({"repeat":{}})", "[]", "7"}) {
    CAF_MESSAGE(bad);
    CAF_CHECK_NOT_EQUAL(wrong_with(bad), "");
  }
}
