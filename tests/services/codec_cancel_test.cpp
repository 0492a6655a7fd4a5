/// A cancel ends a decode and an encode that are under way, within 100 ms.
#define CAF_SUITE codec_cancel

#include "services/codec/codec_client.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <cstdlib>
#include <thread>

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

namespace {

using clock_type = std::chrono::steady_clock;

const std::string pictures = DARKROOM_SOURCE_DIR "/tests/pictures/";

// Cancels in another thread, after a while.
struct cancel_fixture {
  scratch_folder folder;
  imaging_settings settings;
  std::unique_ptr<codec_client> codec;
  std::thread canceller;
  std::atomic<clock_type::time_point> cancelled_at{};

  void start() {
    codec = std::make_unique<codec_client>(settings, DARKROOM_BINARY_DIR
                                           "/darkroom-codec");
    CAF_REQUIRE(codec->analyse(pictures + "tiny.jpg", soon()));
  }

  static codec_client::time_point soon() {
    return clock_type::now() + 60s;
  }

  void cancel_in(std::chrono::milliseconds time) {
    canceller = std::thread{[this, time] {
      std::this_thread::sleep_for(time);
      cancelled_at = clock_type::now();
      codec->cancel();
    }};
  }

  void check_cancelled(const result<std::vector<encoded_variant>>& got) {
    auto took = clock_type::now() - cancelled_at.load();
    canceller.join();
    CAF_REQUIRE(!got);
    CAF_CHECK_EQUAL(got.error().code, ec::cancelled);
    CAF_CHECK(got.error().context.find("stopped on request")
              != std::string::npos);
    auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took);
    CAF_MESSAGE("it took " << ms.count() << " ms");
    CAF_CHECK(ms < 100ms);
    CAF_CHECK(codec->analyse(pictures + "tiny.jpg", soon()));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_cancel_tests, cancel_fixture)

CAF_TEST(a decode that is under way ends) {
  auto command = "python3 '" + pictures + "make_hostile.py' '" + folder.path()
                 + "'";
  CAF_REQUIRE_EQUAL(std::system(command.c_str()), 0);
  settings.max_pixels = 300000000;
  start();
  cancel_in(100ms); // a second of work
  check_cancelled(codec->variants(folder / "bomb-16000.png", soon()));
}

CAF_TEST(an encode that is under way ends) {
  start();
  variant_wishes slow{.avif_effort = 9}; // many seconds
  slow.progress = [this](double) {       // the first time, it is decoded
    if (!canceller.joinable())
      cancel_in(50ms);
  };
  check_cancelled(
    codec->variants(pictures + "photo-progressive.jpg", soon(), slow));
}

CAF_TEST_FIXTURE_SCOPE_END()
