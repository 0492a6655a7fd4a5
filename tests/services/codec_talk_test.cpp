#define CAF_SUITE codec_talk

#include "services/codec/codec_talk.hpp"
#include "services/codec/picture_file.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

const std::string picture = DARKROOM_SOURCE_DIR "/tests/pictures/tiny.jpg";

// Requests in an order that codec_client does not send.
class conversation {
public:
  explicit conversation(const imaging_settings& settings)
    : settings_(settings),
      talk_(DARKROOM_BINARY_DIR "/darkroom-codec", settings,
            std::make_shared<codec_tally>()) {
    CAF_REQUIRE(
      talk_.begin("conversation", std::chrono::steady_clock::now() + 30s));
  }

  ec open(const std::string& path) {
    auto file = picture_file::open(path, settings_.max_bytes);
    CAF_REQUIRE(file);
    return ask(codec_operation::open, &*file);
  }

  // The code of the answer's error, if any.
  ec ask(codec_operation operation, picture_file* file = nullptr) {
    codec_request request{operation, settings_};
    request.order.width = request.order.height = 8;
    CAF_REQUIRE(talk_.send(std::move(request), file));
    auto got = talk_.receive();
    CAF_MESSAGE(to_string(operation)
                << ": " << (got ? "done" : got.error().context));
    return got ? ec::none : got.error().code;
  }

private:
  imaging_settings settings_;
  codec_talk talk_;
};

} // namespace

CAF_TEST(a picture that was refused is not read later) {
  imaging_settings settings;
  settings.max_pixels = 1;
  conversation refused{settings};
  CAF_CHECK_EQUAL(refused.open(picture), ec::too_large);
  CAF_CHECK_EQUAL(refused.ask(codec_operation::analyse), ec::internal);
  CAF_CHECK_EQUAL(refused.ask(codec_operation::decode), ec::internal);
}

CAF_TEST(a picture is decoded once) {
  conversation usual{{}};
  CAF_CHECK_EQUAL(usual.ask(codec_operation::decode), ec::internal);
  CAF_CHECK_EQUAL(usual.open(picture), ec::none);
  CAF_CHECK_EQUAL(usual.ask(codec_operation::analyse), ec::none);
  CAF_CHECK_EQUAL(usual.ask(codec_operation::decode), ec::none);
  CAF_CHECK_EQUAL(usual.ask(codec_operation::analyse), ec::internal);
  CAF_CHECK_EQUAL(usual.ask(codec_operation::decode), ec::internal);
}
