#define CAF_SUITE job_type

#include "actors/jobs/job_type.hpp"
#include "services/redis/job_options.hpp"
#include "services/trace/run_trace.hpp"
#include "tests/support/span_list.hpp"
#include "tests/support/test.hpp"

#include <deque>
#include <stdexcept>
#include <thread>

using namespace darkroom;

namespace {

constexpr std::chrono::hours an_hour{1};

int runs = 0;

outcome succeed(job_context& context) {
  ++runs;
  return completed(context.work, "1");
}

outcome throw_up(job_context&) {
  throw std::runtime_error{"broken"};
}

outcome give_up(job_context& context) {
  context.control.cancel();
  return failed(context.work, fail(ec::codec_crashed, "killed"));
}

outcome finish_late(job_context& context) {
  context.control.cancel();
  return completed(context.work, "1");
}

outcome chain(job_context& context) {
  auto part = context.span.child("part");
  auto out = completed(context.work, "1");
  out.chained.emplace_back();
  out.chained.back().options = "{}";
  return out;
}

struct fixture {
  job work;
  run_control control;
  std::vector<job_update> updates;
  job_context context{work, nullptr, control, [this](job_update x) {
                        updates.push_back(x);
                      }};

  fixture() {
    work.id = "7";
    work.token = "t:1";
    work.name = "anything";
    work.options.keep_logs = 3;
    runs = 0;
  }

  outcome run(job_function function) {
    job_type type{"anything", function, true, true};
    return run_job(&type, context);
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_type_tests, fixture)

CAF_TEST(a job runs and its outcome names it) {
  auto out = run(succeed);
  CAF_CHECK(out.kind == outcome_kind::completed);
  CAF_CHECK_EQUAL(out.job_id, "7");
  CAF_CHECK_EQUAL(out.token, "t:1");
  CAF_CHECK_EQUAL(out.value, "1");
}

CAF_TEST(a run and its parts are spans and chained jobs go on with the trace) {
  auto list = std::make_shared<span_list>();
  context.tracing = list;
  auto trace
    = parse_trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  work.trace = write_run_trace({trace});
  auto out = run(chain);
  CAF_REQUIRE_EQUAL(list->spans.size(), 2u);
  CAF_CHECK_EQUAL(list->spans[1].name, "run");
  CAF_CHECK_EQUAL(list->spans[1].parent_id, trace.span_id);
  CAF_CHECK_EQUAL(list->spans[0].parent_id, list->spans[1].context.span_id);
  auto next = read_carrier(trace_carrier(out.chained.at(0).options));
  CAF_CHECK_EQUAL(traceparent_of(next), traceparent_of(trace));
}

CAF_TEST(a failure is an error of its span) {
  auto list = std::make_shared<span_list>();
  context.tracing = list;
  work.trace = write_run_trace(
    {parse_trace("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")});
  (void)run(throw_up);
  CAF_CHECK_EQUAL(list->spans.at(0).problem, "anything: broken");
  (void)run(give_up); // is returned
  CAF_CHECK_EQUAL(list->spans.at(1).problem, "");
}

CAF_TEST(a job of an unknown name is refused by its name) {
  auto out = run_job(nullptr, context);
  CAF_CHECK(out.kind == outcome_kind::refused);
  CAF_CHECK_EQUAL(out.reason,
                  "unknown job name \"anything\": no node here runs it");
}

CAF_TEST(a deferred failure fails the job without running it) {
  work.deferred_failure = "child 3 failed";
  auto out = run(succeed);
  CAF_CHECK(out.kind == outcome_kind::refused);
  CAF_CHECK_EQUAL(out.reason, "child 3 failed");
  CAF_CHECK_EQUAL(runs, 0);
  CAF_CHECK_EQUAL(run_job(nullptr, context).reason, "child 3 failed");
}

CAF_TEST(an exception fails the job and may pass) {
  auto out = run(throw_up);
  CAF_CHECK(out.kind == outcome_kind::failed);
  CAF_CHECK_EQUAL(out.reason, "anything: broken");
  CAF_CHECK_EQUAL(out.job_id, "7");
}

CAF_TEST(a cancelled job is returned unharmed and no codec died for it) {
  auto out = run(give_up);
  CAF_CHECK(out.kind == outcome_kind::returned);
  CAF_CHECK(!out.codec_died);
  CAF_CHECK_EQUAL(out.reason, "stopped on request");
}

CAF_TEST(a job that completes despite a cancel is complete) {
  CAF_CHECK(run(finish_late).kind == outcome_kind::completed);
}

CAF_TEST(errors that may pass are retried and others refused) {
  CAF_CHECK(failed(work, fail(ec::upstream_failed, "")).kind
            == outcome_kind::failed);
  CAF_CHECK(failed(work, fail(ec::storage_failed, "")).kind
            == outcome_kind::failed);
  CAF_CHECK(failed(work, fail(ec::bad_input, "")).kind
            == outcome_kind::refused);
  CAF_CHECK(failed(work, fail(ec::upstream_refused, "")).kind
            == outcome_kind::refused);
}

CAF_TEST(a throttled job waits for as long as the provider says) {
  auto out = failed(work, error{ec::throttled, "slow down", 1500});
  CAF_CHECK(out.kind == outcome_kind::throttled);
  CAF_CHECK_EQUAL(out.retry_after_ms, 1500);
}

CAF_TEST(a codec dies of a crash or of its time limit) {
  CAF_CHECK(failed(work, fail(ec::codec_crashed, "")).codec_died);
  CAF_CHECK(failed(work, fail(ec::codec_timeout, "")).codec_died);
  CAF_CHECK(!failed(work, fail(ec::timed_out, "")).codec_died);
  CAF_CHECK(!failed(work, fail(ec::too_large, "")).codec_died);
}

CAF_TEST(progress and log lines name their job) {
  context.progress(40);
  context.log("a line");
  CAF_REQUIRE_EQUAL(updates.size(), 2u);
  CAF_CHECK(!updates[0].is_log);
  CAF_CHECK_EQUAL(updates[0].value, "40");
  CAF_CHECK(updates[1].is_log);
  CAF_CHECK_EQUAL(updates[1].value, "a line");
  CAF_CHECK_EQUAL(updates[1].keep_logs, 3u);
  for (const auto& x : updates) {
    CAF_CHECK_EQUAL(x.job_id, "7");
    CAF_CHECK_EQUAL(x.token, "t:1");
  }
}

CAF_TEST(the image jobs are there with and without diagnostics) {
  for (const char* name :
       {"generate-metadata", "generate-variants", "generate-embeddings"}) {
    CAF_REQUIRE(find_job_type(name, false) != nullptr);
    CAF_CHECK(!find_job_type(name, false)->is_cheap);
    CAF_CHECK_EQUAL(find_job_type(name, true), find_job_type(name, false));
  }
}

CAF_TEST(diagnostic jobs are only there with diagnostics) {
  for (const char* name : {"echo", "sleep", "flaky", "crash", "fatal", "log",
                           "chain", "codec-crash", "codec-hang"}) {
    CAF_CHECK(find_job_type(name, false) == nullptr);
    CAF_REQUIRE(find_job_type(name, true) != nullptr);
    CAF_CHECK_EQUAL(std::string{find_job_type(name, true)->name}, name);
  }
}

CAF_TEST(no other name is a job) {
  for (const char* name : {"", "Echo", "echo ", "generate", "__proto__"})
    CAF_CHECK(find_job_type(name, true) == nullptr);
}

CAF_TEST_FIXTURE_SCOPE_END()
