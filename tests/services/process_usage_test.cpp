#define CAF_SUITE process_usage

#include "services/process/process_usage.hpp"
#include "tests/support/test.hpp"

#include <chrono>
#include <fstream>

using namespace darkroom;

CAF_TEST(a process knows what it takes) {
  auto used = usage_of_process();
  CAF_CHECK(used.resident_bytes > 1 << 20);
  CAF_CHECK(used.virtual_bytes >= used.resident_bytes);
  CAF_CHECK(used.threads >= 1);
  CAF_CHECK(used.open_files >= 3);
  CAF_CHECK(used.max_open_files >= used.open_files);
  auto now = std::chrono::duration<double>(
               std::chrono::system_clock::now().time_since_epoch())
               .count();
  CAF_CHECK(used.started > now - 3600 && used.started < now + 2);
}

CAF_TEST(an open file is counted while it is open) {
  auto before = usage_of_process().open_files;
  {
    std::ifstream open{"/proc/self/stat"};
    CAF_CHECK_EQUAL(usage_of_process().open_files, before + 1);
  }
  CAF_CHECK_EQUAL(usage_of_process().open_files, before);
}

CAF_TEST(work takes CPU time) {
  auto before = usage_of_process().cpu_seconds;
  volatile uint64_t sum = 0;
  while (usage_of_process().cpu_seconds == before)
    for (int i = 0; i < 1000000; ++i)
      sum = sum + static_cast<uint64_t>(i);
  CAF_CHECK(usage_of_process().cpu_seconds > before);
}
