#define CAF_SUITE trace_context

#include "services/trace/run_trace.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

const std::string trace_id = "0af7651916cd43dd8448eb211c80319c";
const std::string span_id = "b7ad6b7169203331";
const std::string parent = "00-" + trace_id + "-" + span_id + "-01";

} // namespace

CAF_TEST(a traceparent names trace and span and whether it is sampled) {
  auto x = parse_trace(parent);
  CAF_CHECK_EQUAL(x.trace_id, trace_id);
  CAF_CHECK_EQUAL(x.span_id, span_id);
  CAF_CHECK(x.is_sampled);
  CAF_CHECK_EQUAL(traceparent_of(x), parent);
  auto seen = [](const char* flags) {
    return parse_trace("00-" + trace_id + "-" + span_id + flags).is_sampled;
  };
  CAF_CHECK(!seen("-00"));
  CAF_CHECK(!seen("-02"));
  CAF_CHECK(seen("-03"));
  CAF_CHECK(seen("-ff"));
}

CAF_TEST(whatever is not exactly a traceparent says nothing) {
  auto with = [](size_t at, const char* text) {
    auto copy = parent;
    return copy.replace(at, std::string{text}.size(), text);
  };
  CAF_CHECK(parse_trace(with(0, "01")));           // a later version
  CAF_CHECK(parse_trace(with(0, "01") + "-more")); // may say more
  CAF_CHECK(!parse_trace(with(0, "01") + "more"));
  CAF_CHECK(!parse_trace(parent + "-more"));
  for (const auto& text :
       {std::string{}, std::string{"00"}, parent.substr(1),
        parent.substr(0, 54), parent + " ", " " + parent, with(0, "ff"),
        with(0, "0x"), with(2, "_"), with(35, "0"), with(52, "0"),
        with(3, "0AF7"), with(3, "zaf7"), with(36, "B7"), with(53, "0g"),
        with(3, "00000000000000000000000000000000"),
        with(36, "0000000000000000")})
    CAF_CHECK(!parse_trace(text));
}

CAF_TEST(a tracestate is passed on unless it could not be a header) {
  CAF_CHECK_EQUAL(parse_trace(parent, "a=1,b=2").state, "a=1,b=2");
  CAF_CHECK_EQUAL(parse_trace(parent, std::string(512, 'a')).state.size(),
                  512u);
  CAF_CHECK_EQUAL(parse_trace(parent, std::string(513, 'a')).state, "");
  CAF_CHECK_EQUAL(parse_trace(parent, "a=1\r\nEvil: yes").state, "");
  CAF_CHECK_EQUAL(parse_trace("no", "a=1").state, "");
}

CAF_TEST(a carrier is JSON or a bare traceparent) {
  CAF_CHECK_EQUAL(read_carrier(parent).trace_id, trace_id);
  auto x = read_carrier(R"({"traceparent":")" + parent
                        + R"(","tracestate":"a=1","baggage":"b=2"})");
  CAF_CHECK_EQUAL(x.span_id, span_id);
  CAF_CHECK_EQUAL(x.state, "a=1");
  CAF_CHECK_EQUAL(read_carrier(write_carrier(x)).state, "a=1");
  CAF_CHECK_EQUAL(write_carrier({}), "");
  for (const auto* text :
       {"", "{", "{}", "[]", "7", R"({"traceparent":7})",
        R"({"traceparent":"00-0-0-01"})", R"({"traceParent":"x"})"})
    CAF_CHECK(!read_carrier(text));
}

CAF_TEST(a carrier of more than 16 KB is not read) {
  auto padded = [](size_t bytes) {
    auto text = R"({"traceparent":")" + parent + R"(","baggage":")";
    return text + std::string(bytes - text.size() - 2, 'b') + R"("})";
  };
  CAF_CHECK(read_carrier(padded(16384)));
  CAF_CHECK(!read_carrier(padded(16385)));
}

CAF_TEST(a request continues a trace by its headers) {
  std::vector<std::string> headers{"A: b"};
  add_trace_headers({}, headers);
  CAF_CHECK_EQUAL(headers.size(), 1u);
  add_trace_headers(parse_trace(parent, "a=1"), headers);
  CAF_REQUIRE_EQUAL(headers.size(), 3u);
  CAF_CHECK_EQUAL(headers[1], "traceparent: " + parent);
  CAF_CHECK_EQUAL(headers[2], "tracestate: a=1");
}

CAF_TEST(random ids are ids) {
  auto x
    = parse_trace("00-" + random_trace_id() + "-" + random_span_id() + "-01");
  CAF_CHECK(x);
  CAF_CHECK(random_trace_id() != random_trace_id());
}

CAF_TEST(the trace of a run survives its way between nodes) {
  run_trace run{parse_trace(parent, "a=1"), "00f067aa0ba902b7",
                1700000000123456789};
  auto back = read_run_trace(write_run_trace(run));
  CAF_CHECK_EQUAL(traceparent_of(back.context), parent);
  CAF_CHECK_EQUAL(back.context.state, "a=1");
  CAF_CHECK_EQUAL(back.parent_id, run.parent_id);
  CAF_CHECK_EQUAL(back.since, run.since);
}

CAF_TEST(an unsound trace of a run is none) {
  CAF_CHECK(!read_run_trace("").context);
  CAF_CHECK(!read_run_trace(parent).context);
  CAF_CHECK(!read_run_trace(R"({"since":1})").context);
  auto odd = read_run_trace(R"({"traceparent":")" + parent
                            + R"(","parent":"x","since":"y"})");
  CAF_CHECK(odd.context);
  CAF_CHECK_EQUAL(odd.parent_id, "");
  CAF_CHECK_EQUAL(odd.since, 0);
  run_trace longest{parse_trace(parent, std::string(512, '"')), span_id, 1};
  CAF_CHECK_LESS_OR_EQUAL(write_run_trace(longest).size(), longest_run_trace);
}
