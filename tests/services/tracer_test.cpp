#define CAF_SUITE tracer

#include "services/trace/request_span.hpp"
#include "tests/support/span_list.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

const std::string parent = "00-0af7651916cd43dd8448eb211c80319c-"
                           "b7ad6b7169203331-0";

trace_context seen() {
  return parse_trace(parent + "1", "a=1");
}

} // namespace

CAF_TEST(spans end in scopes and their children are below them) {
  auto list = std::make_shared<span_list>();
  {
    span_scope outer{list, seen(), "outer", span_kind::client};
    outer.set("n", int64_t{7});
    auto inner = outer.child("inner");
    inner.fail("");
  }
  CAF_REQUIRE_EQUAL(list->spans.size(), 2u);
  const auto& [inner, outer] = std::tie(list->spans[0], list->spans[1]);
  CAF_CHECK_EQUAL(outer.name, "outer");
  CAF_CHECK_EQUAL(outer.parent_id, "b7ad6b7169203331");
  CAF_CHECK_EQUAL(outer.context.state, "a=1");
  CAF_CHECK_EQUAL(outer.attributes.size(), 1u);
  CAF_CHECK(outer.problem.empty());
  CAF_CHECK_EQUAL(inner.parent_id, outer.context.span_id);
  CAF_CHECK_EQUAL(inner.context.trace_id, outer.context.trace_id);
  CAF_CHECK_EQUAL(inner.problem, "failed");
  CAF_CHECK_LESS_OR_EQUAL(outer.began, inner.began);
  CAF_CHECK_LESS_OR_EQUAL(inner.ended, outer.ended);
}

CAF_TEST(a span ends once) {
  auto list = std::make_shared<span_list>();
  span_scope first{list, seen(), "first"};
  first.end();
  auto moved = std::move(first);
  moved.end();
  CAF_CHECK_EQUAL(list->spans.size(), 1u);
  moved = {list, seen(), "second"};
  moved = {list, seen(), "third"};
  CAF_CHECK_EQUAL(list->spans.size(), 2u);
}

CAF_TEST(what is not to be seen is passed on and not recorded) {
  auto list = std::make_shared<span_list>();
  for (const auto& into : {tracer_ptr{list}, tracer_ptr{}}) {
    span_scope hidden{into, parse_trace(parent + "0"), "hidden"};
    CAF_CHECK_EQUAL(traceparent_of(hidden.child("x").context()), parent + "0");
  }
  span_scope nobody{nullptr, seen(), "nobody"};
  CAF_CHECK_EQUAL(traceparent_of(nobody.context()), parent + "1");
  CAF_CHECK(!span_scope{}.child("x").context());
  CAF_CHECK(list->spans.empty());
}

CAF_TEST(a share of the traces that begin here is seen) {
  CAF_CHECK(span_list{1}.begin().is_sampled);
  CAF_CHECK(span_list{1}.begin().span_id.empty());
  auto hidden = span_list{0}.begin();
  CAF_CHECK(!hidden.is_sampled);
  CAF_CHECK(parse_trace(traceparent_of(hidden)));
}

CAF_TEST(a request continues its trace or begins one) {
  auto list = std::make_shared<span_list>();
  http_request request;
  request.method = "POST";
  request.route = "/api/images";
  CAF_CHECK(!request_span(nullptr, request).context());
  auto begun = request_span(list, request).context();
  CAF_CHECK(begun);
  request.headers["traceparent"] = parent + "1";
  CAF_CHECK_EQUAL(traceparent_of(request_span(nullptr, request).context()),
                  parent + "1");
  auto mine = request_span(list, request).context();
  CAF_REQUIRE_EQUAL(list->spans.size(), 2u);
  CAF_CHECK_EQUAL(list->spans[0].name, "POST /api/images");
  CAF_CHECK_EQUAL(list->spans[0].parent_id, "");
  CAF_CHECK_EQUAL(list->spans[0].context.span_id, begun.span_id);
  CAF_CHECK_EQUAL(list->spans[1].parent_id, "b7ad6b7169203331");
  CAF_CHECK_EQUAL(list->spans[1].context.span_id, mine.span_id);
}
