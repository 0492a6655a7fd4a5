#define CAF_SUITE image_data

#include "services/json/image_data.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using nlohmann::json;

CAF_TEST(an id is a text or a whole number) {
  CAF_CHECK_EQUAL(image_id_in({{"imageId", "cat"}}), "cat");
  CAF_CHECK_EQUAL(image_id_in({{"imageId", 42}}), "42");
  CAF_CHECK_EQUAL(image_id_in({{"imageId", 4.5}}), "");
  CAF_CHECK_EQUAL(image_id_in({{"imageId", nullptr}}), "");
  CAF_CHECK_EQUAL(image_id_in(json::array()), "");
}

CAF_TEST(a leading slash is the uploads folder) {
  CAF_CHECK_EQUAL(file_path_in({{"filePath", "/2026/cat.jpg"}}),
                  "2026/cat.jpg");
  CAF_CHECK_EQUAL(file_path_in({{"filePath", "2026/cat.jpg"}}), "2026/cat.jpg");
  CAF_CHECK_EQUAL(file_path_in({{"filePath", "//"}}), "");
  CAF_CHECK_EQUAL(file_path_in({{"filePath", 1}}), "");
}
