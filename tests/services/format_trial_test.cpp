#define CAF_SUITE format_trial

#include "services/codec/format_trial.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

using namespace darkroom;

CAF_TEST(the codec process reads and writes all formats) {
  scratch_folder folder;
  codec_client codec{{}, DARKROOM_BINARY_DIR "/darkroom-codec"};
  std::string tasks;
  for (const auto& x : try_formats(codec, folder.path(), common_formats())) {
    CAF_CHECK_EQUAL(x.problem, "");
    tasks += x.task + '\n';
  }
  CAF_CHECK_EQUAL(tasks, "writes jpeg\nwrites webp\nwrites avif\n"
                         "reads jpeg\nreads png\nreads webp\nreads gif\n"
                         "reads avif\nreads tiff\n");
}

CAF_TEST(a format that this build cannot read says what it takes) {
  scratch_folder folder;
  imaging_settings settings;
  settings.formats = known_formats();
  codec_client codec{settings, DARKROOM_BINARY_DIR "/darkroom-codec"};
  for (const auto& x : try_formats(codec, folder.path(), {"heic", "jxl"}))
    if (x.task.rfind("reads", 0) == 0 && !x.problem.empty())
      CAF_CHECK(x.problem.find("it takes a libvips") != std::string::npos);
}

CAF_TEST(a program that is no codec does nothing of it) {
  scratch_folder folder;
  codec_client codec{{}, "/bin/false"};
  for (const auto& x : try_formats(codec, folder.path(), known_formats()))
    CAF_CHECK(!x.problem.empty());
}
