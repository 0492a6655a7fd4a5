#define CAF_SUITE diagnostic_jobs

#include "actors/jobs/diagnostic_jobs.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

struct fixture {
  job work;
  run_control control;
  std::vector<std::string> updates;
  job_context context{work,
                      nullptr,
                      control,
                      [this](job_update x) { updates.push_back(x.value); },
                      {}};

  outcome run(const std::string& name, const std::string& data) {
    updates.clear();
    work.name = name;
    work.data = data;
    return run_job(find_job_type(name, true), context);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(diagnostic_jobs_tests, fixture)

CAF_TEST(echo returns the bytes as they came) {
  for (const char* data : {"{}", " {\"a\" : 1.50} ", "[1,2]", "null", "\"x\"",
                           R"({"s":"\ud800"})"}) {
    auto out = run("echo", data);
    CAF_CHECK(out.kind == outcome_kind::completed);
    CAF_CHECK_EQUAL(out.value, data);
  }
}

CAF_TEST(no diagnostic job takes what is no JSON) {
  for (const char* name :
       {"echo", "sleep", "flaky", "crash", "fatal", "log", "chain"})
    for (const char* data : {"", "{", "{]", "undefined"})
      CAF_CHECK(run(name, data).kind == outcome_kind::refused);
}

CAF_TEST(jobs with parameters take objects only) {
  for (const char* name : {"sleep", "flaky", "crash", "fatal", "log", "chain"})
    for (const char* data : {"5", "[]", "null", "\"x\""}) {
      auto out = run(name, data);
      CAF_CHECK(out.kind == outcome_kind::refused);
      CAF_CHECK_EQUAL(out.reason, "job data is not a JSON object");
    }
}

CAF_TEST(sleep reports each quarter) {
  auto out = run("sleep", R"({"ms":4})");
  CAF_CHECK_EQUAL(out.value, R"({"slept":4})");
  CAF_REQUIRE_EQUAL(updates.size(), 4u);
  CAF_CHECK_EQUAL(updates[0], "25");
  CAF_CHECK_EQUAL(updates[3], "100");
}

CAF_TEST(sleep without a number does not sleep) {
  for (const char* data : {"{}", R"({"ms":"long"})", R"({"ms":-5})"})
    CAF_CHECK(run("sleep", data).kind == outcome_kind::completed);
}

CAF_TEST(a cancelled sleep is returned) {
  control.cancel();
  auto out = run("sleep", R"({"ms":3600000})");
  CAF_CHECK(out.kind == outcome_kind::returned);
  CAF_CHECK(updates.empty());
}

CAF_TEST(flaky fails for as many attempts as it is told) {
  for (auto [made, kind] : {std::pair{0u, outcome_kind::failed},
                            {1u, outcome_kind::failed},
                            {2u, outcome_kind::completed},
                            {3u, outcome_kind::completed}}) {
    work.attempts_made = made;
    CAF_CHECK(run("flaky", R"({"failTimes":2})").kind == kind);
  }
}

CAF_TEST(crash may pass and fatal may not ) {
  auto crashed = run("crash", R"({"message":"oh"})");
  CAF_CHECK(crashed.kind == outcome_kind::failed);
  CAF_CHECK_EQUAL(crashed.reason, "oh");
  auto fatal = run("fatal", R"({"message":"no"})");
  CAF_CHECK(fatal.kind == outcome_kind::refused);
  CAF_CHECK_EQUAL(fatal.reason, "no");
}

CAF_TEST(log writes each line as text) {
  auto out = run("log", R"({"lines":["a",5,{"b":[1]}]})");
  CAF_CHECK_EQUAL(out.value, R"({"lines":3})");
  CAF_REQUIRE_EQUAL(updates.size(), 3u);
  CAF_CHECK_EQUAL(updates[0], "a");
  CAF_CHECK_EQUAL(updates[1], "5");
  CAF_CHECK_EQUAL(updates[2], R"({"b":[1]})");
}

CAF_TEST(log without lines writes none) {
  CAF_CHECK_EQUAL(run("log", "{}").value, R"({"lines":0})");
  CAF_CHECK(updates.empty());
}

CAF_TEST(chain adds the job it is told and returns its id) {
  auto out = run("chain", R"({"next":{"name":"echo","data":{"a":1}}})");
  CAF_CHECK_EQUAL(out.value, R"({"id":"$chained"})");
  CAF_REQUIRE_EQUAL(out.chained.size(), 1u);
  CAF_CHECK_EQUAL(out.chained[0].name, "echo");
  CAF_CHECK_EQUAL(out.chained[0].data, R"({"a":1})");
}

CAF_TEST(parameters of a wrong kind never end the process) {
  for (const char* data : {R"({"next":5})", R"({"next":[]})",
                           R"({"next":{"data":7}})", R"({"next":{"name":{}}})"})
    (void)run("chain", data);
  for (const char* data : {R"({"lines":"x"})", R"({"lines":7})"})
    (void)run("log", data);
  CAF_CHECK(true);
}

CAF_TEST_FIXTURE_SCOPE_END()
