#define CAF_SUITE image_part

#include "messages/image_part.hpp"
#include "tests/support/test.hpp"

#include <set>
#include <string>

using namespace darkroom;

CAF_TEST(parts keep the numbers by which they travel) {
  CAF_CHECK(all_image_parts()[0] == image_part::metadata);
  CAF_CHECK(all_image_parts()[1] == image_part::variants);
  CAF_CHECK(all_image_parts()[2] == image_part::embedding);
}

CAF_TEST(each part has a name of its own and is found by it) {
  std::set<std::string> names;
  for (auto part : all_image_parts()) {
    CAF_CHECK(names.insert(to_string(part)).second);
    CAF_CHECK(to_image_part(to_string(part)) == part);
  }
}

CAF_TEST(no other text is a part) {
  for (const auto* name : {"", "Metadata", "metadata ", "embeddings"})
    CAF_CHECK(!to_image_part(name));
}

CAF_TEST(a number beyond the last part is unknown) {
  CAF_CHECK(is_known(all_image_parts().back()));
  CAF_CHECK(!is_known(static_cast<image_part>(count_image_parts())));
  CAF_CHECK(!is_known(image_part{255}));
}
