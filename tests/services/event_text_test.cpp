#define CAF_SUITE event_text

#include "services/events/event_text.hpp"
#include "tests/support/test.hpp"

#include <nlohmann/json.hpp>

using namespace darkroom;

namespace {

worker_event base(event_kind kind) {
  worker_event x;
  x.kind = kind;
  x.job_id = "7";
  x.job_name = "metadata";
  x.image_id = "img-1";
  x.timestamp = 1700000000000;
  return x;
}

/// The event's JSON without what all have.
std::string rest(const worker_event& x) {
  auto all = nlohmann::json::parse(event_text(x, "photos"));
  for (auto name : {"jobId", "jobName", "imageId", "timestamp", "queue"})
    all.erase(name);
  return all.dump();
}

} // namespace

CAF_TEST(every event names its job and queue) {
  auto x = base(event_kind::queued);
  x.node = "node-1";
  x.queue_size = 3;
  CAF_CHECK_EQUAL(event_text(x, "photos"),
                  R"({"type":"job-queued","jobId":"7","jobName":"metadata",)"
                  R"("timestamp":1700000000000,"queue":"photos",)"
                  R"("imageId":"img-1","node":"node-1","queueSize":3})");
}

CAF_TEST(texts are written as JSON wants them) {
  auto x = base(event_kind::queued);
  for (std::string id : {"", "a\"b", "a\\b", "a\nb", "\xc3\xa9", "a\x7f"}) {
    x.job_id = id;
    auto read = nlohmann::json::parse(event_text(x, "photos"));
    CAF_CHECK_EQUAL(read["jobId"].get<std::string>(), id);
  }
}

CAF_TEST(each kind tells its own) {
  auto x = base(event_kind::active);
  x.attempt = 2;
  x.max_attempts = 3;
  CAF_CHECK_EQUAL(rest(x),
                  R"({"attempt":2,"maxAttempts":3,"type":"job-active"})");
  x.kind = event_kind::completed;
  x.duration_ms = 40;
  CAF_CHECK_EQUAL(rest(x), R"({"duration":40,"type":"job-completed"})");
  x.kind = event_kind::progress;
  x.progress = R"({"percent":40})";
  CAF_CHECK_EQUAL(rest(x),
                  R"({"progress":{"percent":40},"type":"job-progress"})");
}

CAF_TEST(a failure tells whether it is the last) {
  auto x = base(event_kind::failed);
  x.error = "no \xff picture";
  x.attempt = 1;
  x.max_attempts = 3;
  x.retry_in_ms = 2000;
  CAF_CHECK_EQUAL(rest(x),
                  "{\"attempt\":1,\"error\":\"no \xEF\xBF\xBD picture\","
                  "\"final\":false,\"maxAttempts\":3,\"retryInMs\":2000,"
                  "\"type\":\"job-failed\"}");
  x.is_final = true;
  x.error = "e";
  CAF_CHECK_EQUAL(rest(x), R"({"attempt":1,"error":"e","final":true,)"
                           R"("maxAttempts":3,"type":"job-failed"})");
}

CAF_TEST(an image or a node that is unknown is left out) {
  auto x = base(event_kind::completed);
  x.image_id.clear();
  auto all = nlohmann::json::parse(event_text(x, "q"));
  CAF_CHECK(!all.contains("imageId"));
  CAF_CHECK(!all.contains("node"));
}

CAF_TEST(progress that is not JSON is null) {
  auto x = base(event_kind::progress);
  x.progress = "{broken";
  CAF_CHECK_EQUAL(rest(x), R"({"progress":null,"type":"job-progress"})");
}

CAF_TEST(a label is read from what was written) {
  auto got = label_of(event_text(base(event_kind::active), "q"));
  CAF_CHECK_EQUAL(got.type, "job-active");
  CAF_CHECK_EQUAL(got.image_id, "img-1");
  CAF_CHECK_EQUAL(got.job_id, "7");
}

CAF_TEST(a label is of the event itself and not of what it holds) {
  auto got = label_of(
    R"({"a":{"type":"x"},"imageId":["y"],"type":"job-failed",)"
    R"("b":[{"jobId":"z"}],"jobId":"7","type2":"w"})");
  CAF_CHECK_EQUAL(got.type, "job-failed");
  CAF_CHECK_EQUAL(got.image_id, "");
  CAF_CHECK_EQUAL(got.job_id, "7");
}

CAF_TEST(what is no event has no label) {
  for (auto text : {"", "{", "[]", "3", "{\"type\":3,\"jobId\":null}"}) {
    auto got = label_of(text);
    CAF_CHECK(got.type.empty());
    CAF_CHECK(got.job_id.empty());
    CAF_CHECK(got.image_id.empty());
  }
}
