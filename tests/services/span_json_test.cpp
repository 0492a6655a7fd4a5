#define CAF_SUITE span_json

#include "services/json/json.hpp"
#include "services/trace/span_json.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;
using nlohmann::json;

namespace {

span some() {
  span out;
  out.name = "process echo";
  out.kind = span_kind::consumer;
  out.context = {"0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331", true};
  out.began = 1700000000123456789;
  out.ended = 1700000000123456790;
  return out;
}

json written(const span& x) {
  auto all = must(parse_json(spans_json({{"service.name", "darkroom"}}, {x})));
  return all["resourceSpans"][0]["scopeSpans"][0]["spans"][0];
}

} // namespace

CAF_TEST(a batch says which process it is from) {
  auto all = must(parse_json(spans_json({{"service.name", "darkroom"}}, {})));
  CAF_CHECK_EQUAL(all, json::parse(R"({"resourceSpans":[{
    "resource":{"attributes":[
      {"key":"service.name","value":{"stringValue":"darkroom"}}]},
    "scopeSpans":[{"scope":{"name":"darkroom"},"spans":[]}]}]})"));
}

CAF_TEST(a span has hex ids and times as texts) {
  CAF_CHECK_EQUAL(written(some()), json::parse(R"({
    "traceId":"0af7651916cd43dd8448eb211c80319c","spanId":"b7ad6b7169203331",
    "flags":1,"name":"process echo","kind":5,"attributes":[],
    "startTimeUnixNano":"1700000000123456789",
    "endTimeUnixNano":"1700000000123456790"})"));
}

CAF_TEST(what a span may have is written if it has it) {
  auto x = some();
  x.parent_id = "00f067aa0ba902b7";
  x.context.state = "a=1";
  x.attributes = {{"messaging.message.id", "7"}, {"wait", int64_t{1} << 60}};
  x.problem = "no";
  auto out = written(x);
  CAF_CHECK_EQUAL(out["parentSpanId"], "00f067aa0ba902b7");
  CAF_CHECK_EQUAL(out["traceState"], "a=1");
  CAF_CHECK_EQUAL(out["status"], json::parse(R"({"code":2,"message":"no"})"));
  CAF_CHECK_EQUAL(out["attributes"], json::parse(R"([
    {"key":"messaging.message.id","value":{"stringValue":"7"}},
    {"key":"wait","value":{"intValue":"1152921504606846976"}}])"));
}

CAF_TEST(texts of strangers are cut and on one line) {
  auto x = some();
  x.name = "process a\nb\xff";
  x.problem = std::string(2000, 'x');
  auto out = written(x);
  CAF_CHECK_EQUAL(out["name"], "process a b\xef\xbf\xbd");
  CAF_CHECK_EQUAL(out["status"]["message"], std::string(1000, 'x'));
}

CAF_TEST(an answer may say what was not taken) {
  auto read = [](const char* body) {
    auto x = read_export_answer(body);
    return std::to_string(x.rejected) + x.why;
  };
  CAF_CHECK_EQUAL(read(R"({"partialSuccess":{"rejectedSpans":"3",
                           "errorMessage":"too old"}})"),
                  "3too old");
  CAF_CHECK_EQUAL(read(R"({"partialSuccess":{"rejectedSpans":2}})"), "2");
  for (const auto* body : {"", "{}", "[]", "{", R"({"partialSuccess":7})",
                           R"({"partialSuccess":{"rejectedSpans":"x"}})"})
    CAF_CHECK_EQUAL(read(body), "0");
}
