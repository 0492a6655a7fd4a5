#define CAF_SUITE add_options

#include "services/redis/add_options.hpp"
#include "tests/support/must.hpp"

#include <nlohmann/json.hpp>

using namespace darkroom;
using nlohmann::json;

namespace {

new_job with(const std::string& given) {
  new_job plain;
  plain.options = R"({"attempts":3})";
  return must(with_options(plain, json::parse(given)));
}

std::string why_not(const std::string& given) {
  new_job plain;
  plain.options = "{}";
  return refused(with_options(plain, json::parse(given))).context;
}

} // namespace

CAF_TEST(options are stored under short names) {
  auto x = with(R"({"attempts":5,"backoff":70,"deduplication":{"id":"x"},)"
                R"("keepLogs":9,"failParentOnFailure":true,"own":[1]})");
  CAF_CHECK_EQUAL(
    x.options,
    R"({"attempts":5,"backoff":{"delay":70,"type":"fixed"},"de":{"id":"x"},)"
    R"("fpof":true,"kl":9,"own":[1]})");
}

CAF_TEST(what decides about the place is taken from the options) {
  auto x = with(R"({"jobId":"a-7","delay":5,"priority":2097151,"lifo":true})");
  CAF_CHECK_EQUAL(x.id, "a-7");
  CAF_CHECK_EQUAL(x.delay_ms, 5);
  CAF_CHECK_EQUAL(x.priority, 2097151u);
  CAF_CHECK(x.lifo);
}

CAF_TEST(what BullMQ refuses is refused) {
  CAF_CHECK(has(why_not("[]"), "JSON object"));
  CAF_CHECK(has(why_not(R"({"priority":2097152})"), "priority"));
  CAF_CHECK(has(why_not(R"({"priority":-1})"), "priority"));
  CAF_CHECK(has(why_not(R"({"delay":"soon"})"), "delay"));
  for (const auto* id : {R"("17")", R"("0:x")", R"("a:b")", R"("")", "17"})
    CAF_CHECK(has(why_not(R"({"jobId":)" + std::string{id} + "}"), "jobId"));
  auto iteration = with(R"({"jobId":"repeat:x:1"})");
  CAF_CHECK_EQUAL(iteration.id, "repeat:x:1");
  CAF_CHECK(has(why_not(R"({"deduplication":{}})"), "deduplication"));
  CAF_CHECK(has(why_not(R"({"deduplication":{"id":"x","ttl":"5"}})"), "ttl"));
  CAF_CHECK(has(why_not(R"({"parent":{"id":"1"}})"), "queue"));
  CAF_CHECK(has(why_not(R"({"parent":{"id":"1","queue":"bull:q"},)"
                        R"("deduplication":{"id":"x"}})"),
                "child"));
  CAF_CHECK(has(why_not(R"({"failParentOnFailure":true,)"
                        R"("ignoreDependencyOnFailure":true})"),
                "only one"));
}
