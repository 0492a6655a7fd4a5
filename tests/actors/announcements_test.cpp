#define CAF_SUITE announcements

#include "actors/announcements.hpp"
#include "actors/event_filter.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

constexpr auto of_web_tier
  = R"({"type":"job-queued","jobId":"1","jobName":"generate-metadata",)"
    R"("imageId":42,"queueSize":0})";

} // namespace

CAF_TEST(an announcement without a queue is of another program) {
  CAF_CHECK(is_foreign_announcement(of_web_tier));
  for (const auto* text :
       {R"({"type":"job-queued","jobId":"1","queue":"image-processing"})",
        R"({"type":"job-active","jobId":"1","jobName":"job-queued"})",
        R"({"type":"job-queued"})", R"(["job-queued"])", R"("job-queued")",
        R"({"type":"job-queued",)", ""})
    CAF_CHECK(!is_foreign_announcement(text));
}

CAF_TEST(after another announcement there is none of ours) {
  auto others = std::make_shared<announcements>();
  event_filter filter{event_settings{}, others};
  worker_event event;
  event.kind = event_kind::queued;
  event.job_id = "1";
  event.attempt = 1;
  CAF_CHECK_EQUAL(filter.pass(event).size(), 1u);
  others->hear(R"({"type":"job-active","jobId":"1"})");
  CAF_CHECK(!others->are_made_elsewhere());
  others->hear(of_web_tier);
  CAF_CHECK(others->are_made_elsewhere());
  event.job_id = "2";
  CAF_CHECK_EQUAL(filter.pass(event).size(), 0u);
  event.kind = event_kind::active;
  CAF_CHECK_EQUAL(filter.pass(event).size(), 1u);
}

CAF_TEST(a browser still gets what other programs publish) {
  auto others = std::make_shared<announcements>();
  auto seen = 0;
  event_sink sink;
  sink.event = [&seen](const kept_event&) {
    ++seen;
  };
  auto heard = heard_by(others, sink);
  heard.event({1, 0, of_web_tier, false});
  CAF_CHECK(!others->are_made_elsewhere());
  heard.event({2, 0, of_web_tier, true});
  CAF_CHECK(others->are_made_elsewhere());
  CAF_CHECK_EQUAL(seen, 2);
}
