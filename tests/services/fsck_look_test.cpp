#define CAF_SUITE fsck_look

#include "tests/support/fsck_fixture.hpp"

using namespace darkroom;

namespace {

using fixture = fsck_fixture<sqlite_place>;

} // namespace

CAF_TEST_FIXTURE_SCOPE(fsck_look_tests, fixture)

CAF_TEST(what changed within the grace time is left alone) {
  auto image = upload();
  remove_job(image + "-metadata");
  clock = before + 59'999;
  CAF_CHECK_EQUAL(found(), "");
  clock = before + 60'000;
  CAF_CHECK_EQUAL(found(), "image-without-jobs 0 of 1");
}

CAF_TEST(only the wanted classes are looked for) {
  auto image = complete();
  write("UPDATE images SET status = 'processing'");
  drop_file(variant_name(image, "lg", "webp"));
  per_drift<bool> wanted{};
  wanted[static_cast<size_t>(drift_class::wrong_status)] = true;
  CAF_CHECK_EQUAL(told(must(make(false, wanted)->all())),
                  "wrong-status 0 of 1");
}

CAF_TEST(a sample reports what two looks see) {
  auto image = upload();
  remove_job(image + "-metadata");
  auto sampler = make(false);
  auto look = [&] {
    return told(must(sampler->sample(10)));
  };
  CAF_CHECK_EQUAL(look(), ""); // suspects it
  CAF_CHECK_EQUAL(look(), "image-without-jobs 0 of 1");
  CAF_CHECK_EQUAL(look(), "image-without-jobs 0 of 1");
  must(queue->add({job_of(image, image_part::metadata)}, before));
  CAF_CHECK_EQUAL(look(), "");
}

CAF_TEST(what changes between two looks is no finding) {
  auto image = upload();
  raw({"FLUSHALL"});
  auto sampler = make(false);
  CAF_CHECK_EQUAL(told(must(sampler->sample(10))), "");
  must(db.begin_part(stamp_of(image, image_part::metadata, before), image, {},
                     image_part::metadata, before + 1));
  CAF_CHECK_EQUAL(told(must(sampler->sample(10))), "");
  CAF_CHECK_EQUAL(told(must(sampler->sample(10))), "stuck-processing 0 of 1");
}

CAF_TEST(samples come to everything) {
  for (auto i = 0; i < 7; ++i)
    remove_job(upload() + "-metadata");
  auto sampler = make(true);
  uint64_t repaired = 0;
  for (auto i = 0; i < 9; ++i)
    repaired
      += must(sampler->sample(2)).at(drift_class::image_without_jobs).repaired;
  CAF_CHECK_EQUAL(repaired, 7u);
  CAF_CHECK_EQUAL(found(), "");
}

CAF_TEST(a repair does not add a job that is there) {
  auto image = upload();
  begin(image, image_part::metadata);
  remove_job(image + "-metadata");
  auto first = make(true);
  auto second = make(true);
  (void)must(first->sample(10));
  (void)must(second->sample(10));
  CAF_CHECK_EQUAL(told(must(first->sample(10))), "stuck-processing 1 of 1");
  CAF_CHECK_EQUAL(told(must(second->sample(10))), "");
  CAF_CHECK_EQUAL(list("wait").size(), 2u);
}

CAF_TEST_FIXTURE_SCOPE_END()
