/// The suites catalog_fence and catalog_fence_postgres; who includes this says
/// which `fixture` it is.
#include "services/catalog/fence.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

const attempt_stamp first{"7", 100, 1};
const attempt_stamp second{"7", 100, 2};
const attempt_stamp reused{"7", 200, 1}; // the id was used again

} // namespace

CAF_TEST_FIXTURE_SCOPE(catalog_fence_tests, fixture)

CAF_TEST(stamps are ordered by time then id then attempt) {
  CAF_CHECK(check_fence(first, first) == fence_verdict::same);
  CAF_CHECK(check_fence(first, second) == fence_verdict::newer);
  CAF_CHECK(check_fence(second, first) == fence_verdict::older);
  CAF_CHECK(check_fence({"7", 100, 9}, reused) == fence_verdict::newer);
  CAF_CHECK(check_fence(reused, {"7", 100, 9}) == fence_verdict::older);
  CAF_CHECK(check_fence({"9", 100, 5}, {"10", 100, 1}) == fence_verdict::newer);
}

CAF_TEST(the result of an older attempt is void) {
  must(begin(first, image_part::metadata));
  must(begin(second, image_part::metadata));
  auto late = commit(metadata(first, "late"));
  CAF_REQUIRE(!late);
  CAF_CHECK(late.error().code == ec::fenced);
  CAF_MESSAGE(late.error().context);
  CAF_CHECK(!image().metadata);
  must(commit(metadata(second, "right")));
  CAF_CHECK(!commit(metadata(first, "late")));
  CAF_CHECK_EQUAL(description(), "right");
}

CAF_TEST(an older job with a higher attempt is void) {
  must(commit(metadata(reused, "right")));
  auto late = commit(metadata({"7", 100, 9}, "late"));
  CAF_REQUIRE(!late);
  CAF_CHECK(late.error().code == ec::superseded);
  CAF_CHECK_EQUAL(description(), "right");
}

CAF_TEST(an older job is superseded by a newer one whatever became of that) {
  const attempt_stamp newer{"8", 100, 1};
  must(begin(newer, image_part::metadata));
  auto late = commit(metadata(first, "late"));
  CAF_REQUIRE(!late);
  CAF_CHECK(late.error().code == ec::superseded);
  must(commit(metadata(newer, "right")));
  CAF_CHECK(commit(metadata(second, "late")).error().code == ec::superseded);
  must(db.fail_part(newer, id, path, image_part::metadata, "no", 30));
  CAF_CHECK(commit(metadata(second, "late")).error().code == ec::superseded);
  CAF_CHECK_EQUAL(image().status, "failed");
}

CAF_TEST(the failure of a superseded job changes nothing) {
  const attempt_stamp newer{"8", 100, 1};
  must(commit(metadata(newer, "right")));
  auto late = db.fail_part(first, id, path, image_part::metadata, "no", 30);
  CAF_CHECK(late.error().code == ec::superseded);
  CAF_CHECK(image().status != "failed");
}

CAF_TEST(many failures are written in one go but for those that are void) {
  const attempt_stamp newer{"8", 100, 1};
  must(commit(metadata(newer, "right")));
  must(db.fail_parts({{first, "dog", "dog.jpg", image_part::metadata, "no"},
                      {first, id, path, image_part::metadata, "no"},
                      {first, "ant", "ant.jpg", image_part::variants, "gone"}},
                     30));
  CAF_CHECK(image().status != "failed");
  CAF_CHECK_EQUAL(must(reader.image("ant")).status, "failed");
  CAF_CHECK_EQUAL(must(reader.image("ant")).error, "gone");
  CAF_CHECK_EQUAL(must(reader.image("dog")).status, "failed");
}

CAF_TEST(the same commit again changes nothing and publishes nothing) {
  auto published = 0;
  auto rows = metadata(first, "once");
  rows.files.push_back({"a.tmp", "a"});
  auto publish = [&published](const std::vector<staged_file>&) -> status {
    ++published;
    return ok;
  };
  must(db.commit(rows, 10, publish));
  must(db.commit(rows, 20, publish));
  CAF_CHECK_EQUAL(published, 1);
  CAF_CHECK_EQUAL(image().updated_at, 10);
}

CAF_TEST(every call of an older attempt is refused) {
  must(begin(second, image_part::variants));
  CAF_CHECK(!begin(first, image_part::variants));
  CAF_CHECK(!db.fail_part(first, id, path, image_part::variants, "boom", 5));
  CAF_CHECK_EQUAL(image().status, "processing");
}

CAF_TEST(parts have fences of their own) {
  must(begin(second, image_part::variants));
  must(commit(metadata(first, "right")));
  CAF_CHECK_EQUAL(description(), "right");
}

CAF_TEST(a result after the job was declared dead is void) {
  must(begin(first, image_part::metadata));
  must(db.fail_part(first, id, path, image_part::metadata, "stalled", 5));
  auto late = commit(metadata(first, "late"));
  CAF_REQUIRE(!late);
  CAF_CHECK(late.error().code == ec::fenced);
  must(begin(first, image_part::metadata)); // the late echo of its start
  CAF_CHECK_EQUAL(image().status, "failed");
}

CAF_TEST(the queue may declare a committed run dead) {
  must(commit(metadata(first, "right")));
  must(db.fail_part(first, id, path, image_part::metadata, "stalled", 5));
  CAF_CHECK_EQUAL(image().status, "failed");
}

CAF_TEST_FIXTURE_SCOPE_END()
