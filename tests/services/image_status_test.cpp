#define CAF_SUITE image_status

#include "services/catalog/image_status.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;

namespace {

constexpr auto pending = work_status::pending;
constexpr auto processing = work_status::processing;
constexpr auto completed = work_status::completed;
constexpr auto failed = work_status::failed;

} // namespace

CAF_TEST(an image nobody began is pending) {
  CAF_CHECK(derive_status({}) == pending);
}

CAF_TEST(an image is processing from the first part on) {
  CAF_CHECK(derive_status({processing, pending, pending}) == processing);
  CAF_CHECK(derive_status({completed, pending, pending}) == processing);
  CAF_CHECK(derive_status({completed, completed, pending}) == processing);
  CAF_CHECK(derive_status({completed, completed, processing}) == processing);
}

CAF_TEST(the embedding completes an image) {
  CAF_CHECK(derive_status({completed, pending, completed}) == completed);
  CAF_CHECK(derive_status({completed, processing, completed}) == completed);
}

CAF_TEST(one failed part fails an image) {
  CAF_CHECK(derive_status({failed, pending, pending}) == failed);
  CAF_CHECK(derive_status({completed, failed, completed}) == failed);
  CAF_CHECK(derive_status({completed, completed, failed}) == failed);
}

CAF_TEST(statuses have the names of the contract) {
  for (auto status : {pending, processing, completed, failed})
    CAF_CHECK(to_work_status(to_string(status)) == status);
}
