#define CAF_SUITE format_trial

#include "services/codec/format_trial.hpp"
#include "tests/support/must.hpp"
#include "tests/support/scratch.hpp"

using namespace darkroom;

CAF_TEST(the codec process reads and writes all formats) {
  scratch_folder folder;
  codec_client codec{{}, DARKROOM_BINARY_DIR "/darkroom-codec"};
  std::string tasks;
  for (const auto& x : try_formats(codec, folder.path())) {
    CAF_CHECK_EQUAL(x.problem, "");
    tasks += x.task + '\n';
  }
  CAF_CHECK_EQUAL(tasks, "reads png\nwrites jpeg\nwrites webp\nwrites avif\n"
                         "reads jpeg\nreads webp\nreads avif\nreads gif\n");
}

CAF_TEST(a program that is no codec does nothing of it) {
  scratch_folder folder;
  codec_client codec{{}, "/bin/false"};
  for (const auto& x : try_formats(codec, folder.path()))
    CAF_CHECK(!x.problem.empty());
}
