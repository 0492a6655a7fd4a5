#define CAF_SUITE codec_identity

#include "services/codec/codec_identity.hpp"
#include "services/codec/format_trial.hpp"
#include "tests/support/must.hpp"

using namespace darkroom;

namespace {

const std::string program = DARKROOM_BINARY_DIR "/darkroom-codec";

} // namespace

CAF_TEST(a codec is told by its libvips and a hash of its libraries) {
  auto identity = must(codec_identity({}, program));
  CAF_CHECK(identity.starts_with("vips "));
  CAF_CHECK(has(identity, ", libraries "));
  CAF_CHECK(identity.size() < 60);
  CAF_CHECK_EQUAL(must(codec_identity({}, program)), identity);
}

CAF_TEST(a codec that does nothing says at what it failed) {
  auto why = refused(codec_identity({}, "/bin/false"));
  CAF_CHECK(has(why.context, "its codec does not do 'writes jpeg'"));
}

CAF_TEST(a node whose variants are JPEG alone needs no other encoder) {
  imaging_settings settings;
  settings.variants
    = {{.name = "sm", .width = 640, .formats = {picture_format::jpeg}}};
  CAF_CHECK_EQUAL(must(codec_identity(settings, program)),
                  must(codec_identity({}, program)));
  CAF_CHECK(!is_needed({"writes avif", ""}, settings));
  CAF_CHECK(is_needed({"writes avif", ""}, {}));
  CAF_CHECK(is_needed({"writes jpeg", ""}, settings));
  CAF_CHECK(is_needed({"reads avif", ""}, settings));
}

CAF_TEST(a format that is named and not known fails the node and not its jobs) {
  imaging_settings settings;
  settings.formats.push_back("bmp");
  auto why = refused(codec_identity(settings, program));
  CAF_CHECK(has(why.context, "'reads bmp'"));
}
