#define CAF_SUITE job_traces

#include "actors/job_traces.hpp"
#include "services/trace/run_trace.hpp"
#include "tests/support/span_list.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

const std::string trace_id = "0af7651916cd43dd8448eb211c80319c";
const std::string web_span = "b7ad6b7169203331";

std::string of_web_tier(const char* flags = "01") {
  return "00-" + trace_id + "-" + web_span + "-" + flags;
}

struct traces_fixture {
  std::shared_ptr<span_list> list = std::make_shared<span_list>();
  job_traces traces{list, "pictures"};

  static job job_of(const std::string& carrier) {
    job out;
    out.id = "7";
    out.name = "echo";
    out.attempt = 1;
    out.timestamp = 1000;
    out.trace = carrier;
    return out;
  }

  lease claimed(const std::string& carrier) {
    std::vector<job> jobs{job_of(carrier)};
    begin_runs(list, jobs, 3500000000);
    lease out;
    out.work = jobs.front();
    out.image_id = "cat-1";
    return out;
  }

  static settlement how(settle_kind kind, const std::string& value = {}) {
    settlement out;
    out.kind = kind;
    out.value = value;
    return out;
  }

  /// An attribute of the newest span.
  std::string text(const std::string& key) const {
    for (const auto& [name, value] : list->spans.back().attributes)
      if (name == key)
        return std::holds_alternative<std::string>(value)
                 ? std::get<std::string>(value)
                 : std::to_string(std::get<int64_t>(value));
    return "none";
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_traces_tests, traces_fixture)

CAF_TEST(a run is below the span of its producer and its steps are below it) {
  auto run = claimed(of_web_tier());
  traces.step("commit", run.work, 1, "no room");
  traces.ended(run, how(settle_kind::complete));
  CAF_REQUIRE_EQUAL(list->spans.size(), 3u);
  const auto& process = list->spans[2];
  CAF_CHECK_EQUAL(process.name, "process echo");
  CAF_CHECK(process.kind == span_kind::consumer);
  CAF_CHECK_EQUAL(process.parent_id, web_span);
  CAF_CHECK_EQUAL(process.began, 3500000000);
  CAF_CHECK_EQUAL(process.problem, "");
  for (size_t i : {0, 1}) {
    CAF_CHECK_EQUAL(list->spans[i].context.trace_id, trace_id);
    CAF_CHECK_EQUAL(list->spans[i].parent_id, process.context.span_id);
  }
  CAF_CHECK_EQUAL(list->spans[0].name, "claim");
  CAF_CHECK_EQUAL(list->spans[0].began, 3500000000);
  CAF_CHECK_EQUAL(list->spans[1].problem, "no room");
}

CAF_TEST(the span of a run says what became of which job) {
  traces.ended(claimed(of_web_tier()), how(settle_kind::fail, "it is broken"));
  CAF_CHECK_EQUAL(text("messaging.system"), "bullmq");
  CAF_CHECK_EQUAL(text("messaging.destination.name"), "pictures");
  CAF_CHECK_EQUAL(text("messaging.message.id"), "7");
  CAF_CHECK_EQUAL(text("darkroom.job.attempt"), "1");
  CAF_CHECK_EQUAL(text("darkroom.job.outcome"), "failed");
  CAF_CHECK_EQUAL(text("darkroom.job.wait_ms"), "2500");
  CAF_CHECK_EQUAL(text("darkroom.image.id"), "cat-1");
  CAF_CHECK_EQUAL(list->spans.back().problem, "it is broken");
}

CAF_TEST(only a failure is an error) {
  auto problem_of = [this](settle_kind kind) {
    traces.ended(claimed(of_web_tier()), how(kind, "why"));
    return list->spans.back().problem;
  };
  for (auto kind :
       {settle_kind::fail, settle_kind::retry_now, settle_kind::retry_later})
    CAF_CHECK_EQUAL(problem_of(kind), "why");
  for (auto kind :
       {settle_kind::complete, settle_kind::postpone, settle_kind::give_back})
    CAF_CHECK_EQUAL(problem_of(kind), "");
  traces.voided(claimed(of_web_tier()), "another took it");
  CAF_CHECK_EQUAL(list->spans.back().problem, "another took it");
  CAF_CHECK_EQUAL(text("darkroom.job.outcome"), "void");
}

CAF_TEST(a trace that nobody wants to see is passed on unseen) {
  auto run = claimed(of_web_tier("00"));
  traces.step("commit", run.work, 1);
  traces.ended(run, how(settle_kind::complete));
  CAF_CHECK(list->spans.empty());
  auto context = read_run_trace(run.work.trace).context;
  CAF_CHECK_EQUAL(context.trace_id, trace_id);
  CAF_CHECK(!context.is_sampled);
}

CAF_TEST(a job without a trace begins one) {
  for (const auto* carrier : {"", "{}", "00-bad", "\n"}) {
    traces.ended(claimed(carrier), how(settle_kind::complete));
    CAF_CHECK_EQUAL(list->spans.back().parent_id, "");
    CAF_CHECK(list->spans.back().context.trace_id != trace_id);
  }
}

CAF_TEST(without a tracer nothing is made) {
  std::vector<job> jobs{job_of(of_web_tier())};
  begin_runs(nullptr, jobs, 1);
  CAF_CHECK_EQUAL(jobs[0].trace, "");
  job_traces none{nullptr, "pictures"};
  lease run;
  run.work = claimed(of_web_tier()).work;
  none.step("commit", run.work, 1);
  none.ended(run, how(settle_kind::complete));
  CAF_CHECK_EQUAL(list->spans.size(), 1u); // the claim of the fixture's
}

CAF_TEST_FIXTURE_SCOPE_END()
