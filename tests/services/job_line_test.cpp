#define CAF_SUITE job_line

#include "services/redis/job_line.hpp"
#include "tests/support/must.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

const new_job base{"echo", R"({"from":"base"})", R"({"attempts":3})", {}, 0, 0,
                   false};

new_job read(const char* line) {
  return must(read_job_line(line, base));
}

std::string refusal(const char* line, const new_job& from = base) {
  auto job = read_job_line(line, from);
  return job ? "" : job.error().context;
}

} // namespace

CAF_TEST(a line gives name and data and options) {
  auto job
    = read(R"({"name":"log","data":{"a":[1,"x"]},"opts":{"attempts":5}})");
  CAF_CHECK_EQUAL(job.name, "log");
  CAF_CHECK_EQUAL(job.data, R"({"a":[1,"x"]})");
  CAF_CHECK_EQUAL(job.options, R"({"attempts":5})");
  CAF_CHECK_EQUAL(job.delay_ms, 0);
}

CAF_TEST(what a line leaves out is that of the base) {
  auto job = read("{}");
  CAF_CHECK_EQUAL(job.name, base.name);
  CAF_CHECK_EQUAL(job.data, base.data);
  CAF_CHECK_EQUAL(job.options, base.options);
}

CAF_TEST(the options say where a job goes) {
  auto job = read(R"({"opts":{"delay":50,"priority":7,"jobId":"a"}})");
  CAF_CHECK_EQUAL(job.delay_ms, 50);
  CAF_CHECK_EQUAL(job.priority, 7u);
  CAF_CHECK_EQUAL(job.id, "a");
  CAF_CHECK(!job.lifo);
  CAF_CHECK(read(R"({"opts":{"lifo":true}})").lifo);
}

CAF_TEST(a priority has a highest value) {
  CAF_CHECK_EQUAL(read(R"({"opts":{"priority":2097151}})").priority, 2097151u);
  CAF_CHECK(has(refusal(R"({"opts":{"priority":2097152}})"), "2097151"));
  CAF_CHECK(
    has(refusal(R"({"opts":{"priority":-1}})"), "priority is not a number"));
  CAF_CHECK(
    has(refusal(R"({"opts":{"delay":"soon"}})"), "delay is not a number"));
}

CAF_TEST(log lines to keep have a short name in Redis) {
  CAF_CHECK_EQUAL(read(R"({"opts":{"keepLogs":9}})").options, R"({"kl":9})");
}

CAF_TEST(what is no job is refused) {
  CAF_CHECK(has(refusal("{"), "not valid JSON"));
  CAF_CHECK(has(refusal("[1]"), "a job is a JSON object"));
  CAF_CHECK(has(refusal(R"({"name":7})"), "no name"));
  CAF_CHECK(has(refusal("{}", {}), "no name"));
  CAF_CHECK(has(refusal(R"({"opts":[]})"), "options: no JSON object"));
  CAF_CHECK(has(refusal(R"({"opts":{"parent":{}}})"), "parent needs an id"));
}
