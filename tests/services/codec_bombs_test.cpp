#define CAF_SUITE codec_bombs

#include "services/codec/codec_client.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/made_pictures.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/test.hpp"

#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

namespace {

const std::string tiny = DARKROOM_SOURCE_DIR "/tests/pictures/tiny.jpg";

// The names of the pictures say what may become of them.
struct bombs_fixture {
  made_pictures folder{"make_bombs.py"};
};

codec_client::time_point soon() {
  return std::chrono::steady_clock::now() + 5min;
}

// With sanitizers, our code takes ten times as long, and memory that was freed
// is kept: the codec would be replaced for that.
imaging_settings patient() {
  imaging_settings out;
  if (is_sanitized) {
    out.codec_time *= 10;
    out.codec_resident_bytes = 0;
  }
  return out;
}

// A codec process that has decoded nothing yet.
class fresh_codec {
public:
  fresh_codec() {
    if (auto got = client_.sandbox(soon()); !got)
      CAF_FAIL(got.error().context);
    child_ = client_.child();
    memory_ = peak();
    cpu_ = cpu();
  }

  codec_client& client() {
    return client_;
  }

  bool lives() {
    return client_.child() == child_;
  }

  // Memory that was touched since, in kB.
  long more_memory() const {
    return peak() - memory_;
  }

  std::chrono::milliseconds more_cpu() const {
    return std::chrono::duration_cast<std::chrono::milliseconds>(cpu() - cpu_);
  }

private:
  long peak() const {
    return status_of(child_, "VmHWM");
  }

  std::chrono::nanoseconds cpu() const {
    clockid_t clock{};
    timespec used{};
    if (::clock_getcpuclockid(child_, &clock) || ::clock_gettime(clock, &used))
      return 0ns;
    return std::chrono::seconds{used.tv_sec}
           + std::chrono::nanoseconds{used.tv_nsec};
  }

  codec_client client_{patient(), DARKROOM_BINARY_DIR "/darkroom-codec"};
  pid_t child_ = 0;
  long memory_ = 0;
  std::chrono::nanoseconds cpu_{0};
};

std::chrono::milliseconds cpu_of(const std::string& path) {
  fresh_codec codec;
  (void)codec.client().analyse(path, soon());
  return codec.more_cpu();
}

/// Whether a refusal takes at most 50 ms of CPU time. What else runs on the
/// machine makes each instruction take longer, so where that is too much, it is
/// compared with a picture of a few pixels that is read at the same time: it
/// takes 6 ms where the slowest refusal takes 31, so 50 ms are eight of it.
bool is_quick(const std::string& path, std::chrono::milliseconds first) {
  auto refusal = first;
  for (auto i = 0; i < 5 && refusal > 50ms; ++i) {
    auto picture = cpu_of(tiny);
    refusal = cpu_of(path);
    CAF_MESSAGE(path << " again: " << refusal.count()
                     << " ms, the smallest picture " << picture.count()
                     << " ms");
    if (refusal <= 8 * picture)
      return true;
  }
  return refusal <= 50ms;
}

bool is_for_good(ec code) {
  return code == ec::bad_input || code == ec::too_large;
}

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_bombs_tests, bombs_fixture)

CAF_TEST(what the header tells is refused at once and for good) {
  for (auto& path : folder.named("header-")) {
    fresh_codec codec;
    auto got = codec.client().analyse(path, soon());
    CAF_MESSAGE(path << ": " << codec.more_cpu().count() << " ms, "
                     << codec.more_memory() << " kB, "
                     << (got ? "read" : got.error().context));
    CAF_REQUIRE(!got);
    CAF_CHECK(is_for_good(got.error().code));
    CAF_CHECK(codec.lives());
    CAF_CHECK(is_sanitized || is_quick(path, codec.more_cpu()));
    CAF_CHECK(is_sanitized || codec.more_memory() <= 20480);
    CAF_CHECK(codec.client().analyse(tiny, soon()));
  }
}

CAF_TEST(everything else stays within the limits of a picture) {
  for (auto& path : folder.named("within-")) {
    // libvips adds one frame at a time to a list. AddressSanitizer's realloc
    // copies the whole list for each, which takes minutes for 30,000 frames; it
    // reads the file with 3,000 instead.
    if (is_sanitized && path.find("within-frames.gif") != std::string::npos)
      continue;
    fresh_codec codec;
    auto got = codec.client().analyse(path, soon());
    CAF_MESSAGE(path << ": " << codec.more_cpu().count() << " ms, "
                     << codec.more_memory() << " kB, "
                     << (got ? "read" : got.error().context));
    CAF_CHECK(got || is_for_good(got.error().code)
              || got.error().code == ec::cut_off);
    CAF_CHECK(codec.lives()); // it dies of more than `codec_time`
    CAF_CHECK(is_sanitized || codec.more_memory() <= 800000);
    CAF_CHECK(codec.client().analyse(tiny, soon()));
  }
}

CAF_TEST(wherever a file ends the codec lives on) {
  fresh_codec codec;
  for (auto& path : folder.named("cut-")) {
    CAF_MESSAGE(path);
    auto got = codec.client().analyse(path, soon());
    CAF_CHECK(got || is_for_good(got.error().code)
              || got.error().code == ec::cut_off);
    CAF_CHECK(codec.lives());
  }
  CAF_CHECK(codec.client().analyse(tiny, soon()));
}

CAF_TEST_FIXTURE_SCOPE_END()
