#define CAF_SUITE image_status

#include "services/catalog/image_status.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

constexpr auto pending = work_status::pending;
constexpr auto processing = work_status::processing;
constexpr auto completed = work_status::completed;
constexpr auto failed = work_status::failed;

/// The status of an image with these parts. Parts that this test does not know
/// are completed.
work_status status_of(work_status metadata, work_status variants,
                      work_status embedding) {
  per_part<work_status> all{};
  all.fill(completed);
  all[static_cast<size_t>(image_part::metadata)] = metadata;
  all[static_cast<size_t>(image_part::variants)] = variants;
  all[static_cast<size_t>(image_part::embedding)] = embedding;
  return derive_status(all);
}

} // namespace

CAF_TEST(an image nobody began is pending) {
  CAF_CHECK(derive_status({}) == pending);
}

CAF_TEST(an image is processing from the first part on) {
  CAF_CHECK(status_of(processing, pending, pending) == processing);
  CAF_CHECK(status_of(completed, pending, pending) == processing);
  CAF_CHECK(status_of(completed, completed, pending) == processing);
  CAF_CHECK(status_of(completed, completed, processing) == processing);
}

CAF_TEST(the embedding completes an image) {
  CAF_CHECK(status_of(completed, pending, completed) == completed);
  CAF_CHECK(status_of(completed, processing, completed) == completed);
}

CAF_TEST(every awaited part has to be completed and no other) {
  for (auto part : all_image_parts()) {
    per_part<work_status> all{};
    all.fill(completed);
    all[static_cast<size_t>(part)] = pending;
    CAF_CHECK_EQUAL(derive_status(all) == processing,
                    rules_of(part).is_awaited);
  }
}

CAF_TEST(a part that this program does not know is an error that names it) {
  CAF_CHECK(must(read_part("variants", "cat")) == image_part::variants);
  for (const auto* name : {"", "Variants", "variants ", "no-part"}) {
    auto part = read_part(name, "cat");
    CAF_REQUIRE(!part);
    CAF_CHECK(part.error().code == ec::catalog_failed);
    CAF_CHECK_EQUAL(part.error().context,
                    "image 'cat' has a part '" + std::string{name}
                      + "', which this Darkroom does not know: run the newer "
                        "one");
  }
}

CAF_TEST(one failed part fails an image) {
  CAF_CHECK(status_of(failed, pending, pending) == failed);
  CAF_CHECK(status_of(completed, failed, completed) == failed);
  CAF_CHECK(status_of(completed, completed, failed) == failed);
}

CAF_TEST(statuses have the names of the contract) {
  for (auto status : {pending, processing, completed, failed})
    CAF_CHECK(to_work_status(to_string(status)) == status);
}
