/// A codec process is replaced after some pictures, or when it keeps too much
/// memory.
#define CAF_SUITE codec_wear

#include "services/codec/codec_client.hpp"
#include "tests/support/sanitized.hpp"
#include "tests/support/test.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

std::string sample(const std::string& name) {
  return DARKROOM_SOURCE_DIR "/tests/pictures/" + name;
}

struct wear_fixture {
  imaging_settings settings;
  std::shared_ptr<codec_budget> budget
    = std::make_shared<codec_budget>(codec_capacity{});
  std::unique_ptr<codec_client> codec;

  static codec_client::time_point soon() {
    return std::chrono::steady_clock::now() + 60s;
  }

  void start() {
    codec = std::make_unique<codec_client>(
      settings, DARKROOM_BINARY_DIR "/darkroom-codec", budget);
  }

  // The process that a picture was made by.
  pid_t make(const char* name = "tiny.jpg") {
    auto seen = codec->analyse(sample(name), soon());
    if (!seen)
      CAF_FAIL(seen.error().context);
    return codec->child();
  }

  // How many processes made so many pictures.
  size_t processes_for(size_t pictures) {
    std::vector<pid_t> found;
    for (size_t i = 0; i < pictures; ++i)
      if (auto pid = make(); found.empty() || found.back() != pid)
        found.push_back(pid);
    return found.size();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(codec_wear_tests, wear_fixture)

CAF_TEST(a process makes its pictures and is replaced) {
  settings.codec_pictures = 3;
  start();
  CAF_CHECK_EQUAL(processes_for(3), 1u);
  CAF_CHECK_EQUAL(budget->tally()->by_pictures, 0u); // none asked for more
  CAF_CHECK_EQUAL(processes_for(4), 2u);
  CAF_CHECK_EQUAL(budget->tally()->by_pictures, 2u);
  CAF_CHECK_EQUAL(budget->tally()->by_memory, 0u);
}

CAF_TEST(pictures that are refused count and what is no picture does not ) {
  settings.codec_pictures = 2;
  settings.max_pixels = 1;
  start();
  CAF_CHECK(codec->sandbox(soon()));
  auto first = codec->child();
  CAF_CHECK(!codec->variants(sample("tiny.jpg"), soon()));
  CAF_CHECK(codec->sandbox(soon()));
  CAF_CHECK(!codec->analyse(sample("tiny.jpg"), soon()));
  CAF_CHECK_EQUAL(codec->child(), first);
  CAF_CHECK(codec->sandbox(soon()));
  CAF_CHECK_NOT_EQUAL(codec->child(), first);
}

CAF_TEST(0 never replaces a process) {
  settings.codec_pictures = 0;
  settings.codec_resident_bytes = 0;
  start();
  CAF_CHECK_EQUAL(processes_for(20), 1u);
}

CAF_TEST(a process that keeps too much memory is replaced between pictures) {
  settings.codec_resident_bytes = 1 << 20; // less than it begins with
  start();
  CAF_CHECK_EQUAL(processes_for(4), 4u);
  CAF_CHECK_EQUAL(budget->tally()->by_memory, 3u);
  CAF_CHECK_EQUAL(budget->tally()->by_pictures, 0u);
}

CAF_TEST(what a picture takes while it is made is not kept) {
  if (test::is_sanitized) // it keeps what it frees
    settings.codec_resident_bytes = uint64_t{8} << 30;
  start();
  auto first = make("photo-progressive.jpg");
  for (auto name : {"cmyk.jpg", "alpha.png", "photo.avif", "animated.gif"})
    CAF_CHECK_EQUAL(make(name), first);
  CAF_CHECK(codec->variants(sample("photo-progressive.jpg"), soon(),
                            {.avif_effort = 0}));
  CAF_CHECK_EQUAL(make(), first);
}

CAF_TEST(a process that has died is no replacement) {
  settings.codec_pictures = 1;
  start();
  make();
  CAF_CHECK(!codec->crash(soon()));
  auto counted = budget->tally()->by_pictures.load();
  make();
  CAF_CHECK_EQUAL(budget->tally()->by_pictures, counted);
}

CAF_TEST_FIXTURE_SCOPE_END()
