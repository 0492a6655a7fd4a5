#define CAF_SUITE codec_edges

#include "tests/support/odd_pictures.hpp"

using namespace darkroom;
using namespace darkroom::test;

CAF_TEST_FIXTURE_SCOPE(codec_edges_tests, odd_pictures_fixture)

CAF_TEST(an edge above 65535 is refused from the header) {
  for (auto name : {"tall-65536.png", "wide-65536.png", "tall-50000000.png",
                    "wide-50000000.png"}) {
    auto why = must_refuse(folder / name);
    CAF_CHECK_EQUAL(why.code, ec::too_large);
    CAF_CHECK(why.context.find("limit is 65535 px per edge")
              != std::string::npos);
  }
}

CAF_TEST(an edge of 65535 is read) {
  CAF_CHECK_EQUAL(must_read(folder / "tall-65535.png").facts.height, 65535u);
  CAF_CHECK_EQUAL(must_read(folder / "wide-65535.png").facts.width, 65535u);
  CAF_CHECK(codec.variants(folder / "tall-65535.png", soon()));
  CAF_CHECK(codec.variants(folder / "wide-65535.png", soon()));
}

CAF_TEST(a phone picture of 8192 x 6144 is read) {
  auto six = codec.variants(folder / "phone.png", soon(), {.avif_effort = 1});
  if (!six)
    CAF_FAIL(six.error().context);
  CAF_CHECK_EQUAL(six->at(0).file.width, 1920u);
  CAF_CHECK_EQUAL(six->at(0).file.height, 1440u);
}

CAF_TEST(of a moving picture only the first frame counts) {
  auto canvas = codec.variants(folder / "canvas.webp", soon(),
                               {.avif_effort = 1});
  if (!canvas)
    CAF_FAIL(canvas.error().context); // once: no room in a temporary file
}

CAF_TEST(widths that a picture does not have share a file) {
  auto six = codec.variants(std::string{DARKROOM_SOURCE_DIR}
                              + "/tests/pictures/photo.webp", // 700 wide
                            soon());
  CAF_REQUIRE(six);
  CAF_REQUIRE_EQUAL(six->size(), 4u);
  using names = std::vector<std::string>;
  for (size_t i : {0, 1}) {
    CAF_CHECK_EQUAL(six->at(i).file.width, 700u);
    CAF_CHECK_EQUAL(six->at(i).types, (names{"lg", "md"}));
    CAF_CHECK_EQUAL(six->at(i + 2).file.width, 640u);
    CAF_CHECK_EQUAL(six->at(i + 2).types, names{"sm"});
  }
}

CAF_TEST_FIXTURE_SCOPE_END()
