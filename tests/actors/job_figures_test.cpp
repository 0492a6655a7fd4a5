#define CAF_SUITE job_figures

#include "actors/job_figures.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

struct figures_fixture {
  metrics_ptr counted = std::make_shared<metrics>();
  job_figures figures{counted, "pictures"};

  bool has(std::string_view line) {
    return counted->text().find(line) != std::string::npos;
  }

  static job job_of(const std::string& name, int64_t added = 1000) {
    job out;
    out.name = name;
    out.timestamp = added;
    out.attempt = 1;
    return out;
  }

  static settlement how(settle_kind kind) {
    settlement out;
    out.kind = kind;
    return out;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(job_figures_tests, figures_fixture)

CAF_TEST(the outcomes of own job types are there before the first job) {
  CAF_CHECK(has("darkroom_jobs_total{name=\"generate-variants\","
                "outcome=\"failed\",queue=\"pictures\"} 0\n"));
  CAF_CHECK(!has("name=\"echo\""));
}

CAF_TEST(a run is counted by queue and name and outcome) {
  auto x = job_of("echo");
  figures.started(x, 1500);
  figures.ended(x, 1500, how(settle_kind::complete), 3500);
  CAF_CHECK(has("darkroom_jobs_total{name=\"echo\",outcome=\"completed\","
                "queue=\"pictures\"} 1\n"));
  CAF_CHECK(has("darkroom_job_wait_seconds_sum{name=\"echo\","
                "queue=\"pictures\"} 0.5\n"));
  CAF_CHECK(has("darkroom_job_duration_seconds_sum{name=\"echo\","
                "queue=\"pictures\"} 2\n"));
  CAF_CHECK(has("darkroom_job_end_to_end_seconds_sum{name=\"echo\","
                "queue=\"pictures\"} 2.5\n"));
}

CAF_TEST(a delay that the producer wanted is no waiting) {
  auto x = job_of("echo");
  x.options.delay_ms = 10000;
  figures.started(x, 11250);
  figures.ended(x, 11250, how(settle_kind::complete), 11750);
  CAF_CHECK(has("darkroom_job_wait_seconds_sum{name=\"echo\","
                "queue=\"pictures\"} 0.25\n"));
  CAF_CHECK(has("darkroom_job_end_to_end_seconds_sum{name=\"echo\","
                "queue=\"pictures\"} 0.75\n"));
}

CAF_TEST(only the first start ends the waiting) {
  auto x = job_of("echo");
  x.attempt = 2;
  figures.started(x, 9000);
  CAF_CHECK(!has("darkroom_job_wait_seconds_count{name=\"echo\""));
}

CAF_TEST(a producer whose clock is ahead waits no negative time) {
  figures.started(job_of("echo", 5000), 1000);
  CAF_CHECK(has("darkroom_job_wait_seconds_sum{name=\"echo\","
                "queue=\"pictures\"} 0\n"));
}

CAF_TEST(a run that is given back has no duration and a retry no end) {
  auto x = job_of("echo");
  figures.ended(x, 1000, how(settle_kind::give_back), 2000);
  figures.ended(x, 1000, how(settle_kind::postpone), 2000);
  CAF_CHECK(!has("darkroom_job_duration_seconds_count{name=\"echo\""));
  figures.ended(x, 2000, how(settle_kind::retry_later), 3000);
  CAF_CHECK(has("darkroom_job_duration_seconds_count{name=\"echo\","
                "queue=\"pictures\"} 1\n"));
  CAF_CHECK(!has("darkroom_job_end_to_end_seconds_count{name=\"echo\""));
}

CAF_TEST(names of strangers become other once there are too many) {
  for (int i = 0; i < 200; ++i)
    figures.ended(job_of("stranger-" + std::to_string(i)), 0,
                  how(settle_kind::complete), 0);
  figures.ended(job_of("generate-metadata"), 0, how(settle_kind::complete), 0);
  CAF_CHECK(has("darkroom_jobs_total{name=\"other\",outcome=\"completed\","));
  CAF_CHECK(!has("stranger-199"));
  CAF_CHECK(has("darkroom_jobs_total{name=\"generate-metadata\","
                "outcome=\"completed\",queue=\"pictures\"} 1\n"));
}

CAF_TEST(codec processes that died are counted) {
  auto died = how(settle_kind::retry_later);
  died.codec_died = true;
  figures.ended(job_of("codec-crash"), 0, died, 0);
  CAF_CHECK(has("darkroom_codec_deaths_total 1\n"));
}

CAF_TEST(the time of a limit is counted once however often it is told) {
  figures.limited(0, 1000);
  CAF_CHECK(has("darkroom_queue_limited_total 0\n"));
  figures.limited(3000, 1000);
  figures.limited(3000, 2000);
  figures.limited(3500, 2500);
  CAF_CHECK(has("darkroom_queue_limited_total 1\n"));
  CAF_CHECK(has("darkroom_queue_limited_seconds_total 2.5\n"));
  figures.limited(6000, 5000);
  CAF_CHECK(has("darkroom_queue_limited_total 2\n"));
  CAF_CHECK(has("darkroom_queue_limited_seconds_total 3.5\n"));
}

CAF_TEST(without a registry nothing is counted) {
  job_figures none{nullptr, "q"};
  none.started(job_of("echo"), 0);
  none.ended(job_of("echo"), 0, how(settle_kind::fail), 0);
  none.limited(1, 0);
  none.add(counter::leases_lost);
}

CAF_TEST_FIXTURE_SCOPE_END()
