#define CAF_SUITE job_failure

#include "actors/job_failure.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

stored_job stored() {
  return {"7",
          {{"name", "generate-variants"},
           {"data", R"({"imageId":"cat","filePath":"cat.jpg"})"},
           {"timestamp", "100"},
           {"ats", "2"}}};
}

} // namespace

CAF_TEST(a stored job fails with its stamp and its picture) {
  auto note = failure_note(failed_job_of(stored(), "why"));
  CAF_REQUIRE(note);
  CAF_CHECK_EQUAL(note->stamp.job_id, "7");
  CAF_CHECK_EQUAL(note->stamp.job_timestamp, 100);
  CAF_CHECK_EQUAL(note->stamp.attempt, 2u);
  CAF_CHECK_EQUAL(note->image_id, "cat");
  CAF_CHECK_EQUAL(note->file_path, "cat.jpg");
  CAF_CHECK_EQUAL(note->error, "why");
}

CAF_TEST(a removed job fails as the stored one does) {
  removed_job gone{"7", "generate-variants",
                   R"({"imageId":"cat","filePath":"cat.jpg"})", 100, 2};
  auto note = failure_note(failed_job_of(gone, "why"));
  auto same = failure_note(failed_job_of(stored(), "why"));
  CAF_REQUIRE(note && same);
  CAF_CHECK_EQUAL(note->stamp.attempt, same->stamp.attempt);
  CAF_CHECK_EQUAL(note->image_id, same->image_id);
  CAF_CHECK(note->part == same->part);
}

CAF_TEST(the catalog learns nothing of a job that makes no part) {
  auto other = stored();
  other.fields[0].second = "echo";
  CAF_CHECK(!failure_note(failed_job_of(other, "why")));
  auto nameless = stored();
  nameless.fields[1].second = "[]";
  CAF_CHECK(!failure_note(failed_job_of(nameless, "why")));
}

CAF_TEST(the web tier learns that the failure is final) {
  auto event = failure_event(failed_job_of(stored(), "why"), 5);
  CAF_CHECK(event.kind == event_kind::failed);
  CAF_CHECK_EQUAL(event.job_id, "7");
  CAF_CHECK_EQUAL(event.job_name, "generate-variants");
  CAF_CHECK_EQUAL(event.image_id, "cat");
  CAF_CHECK_EQUAL(event.error, "why");
  CAF_CHECK_EQUAL(event.timestamp, 5);
  CAF_CHECK(event.is_final);
}

CAF_TEST(the jobs of pictures are those that make a part) {
  auto names = picture_job_names();
  CAF_CHECK_EQUAL(names.size(), 3u);
  CAF_CHECK(std::count(names.begin(), names.end(), "echo") == 0);
}
