/// `rogue_codec`: the codec process as it would be if a picture took it over.
/// It is built of the same parts and has the same walls as `darkroom-codec`,
/// but a picture that ends with
///
///   DEED <name>|<folder>
///
/// makes it do that deed. tests/imaging/contained.test.mjs puts it beside a
/// copy of `darkroom`; no installed binary has such a switch.
#include "services/codec/frame_channel.hpp"
#include "services/imaging/sandbox.hpp"
#include "services/imaging/start.hpp"
#include "services/imaging/workbench.hpp"
#include "tests/sandbox/deeds.hpp"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <string>

using namespace darkroom;
using namespace darkroom::test;

namespace {

constexpr int channel_fd = 3;
constexpr auto no_deadline = frame_channel::time_point::max();

long write_nowhere(const prey&) {
  volatile char* volatile nowhere = nullptr;
  *nowhere = '!';
  return 0;
}

// Never frees; ends by bad_alloc. The limit counts what is asked for, so a part
// of it is touched: on a machine that is short of memory, to touch all costs
// more CPU time than a picture may have.
long take_all_memory(const prey&) {
  constexpr size_t step = 1 << 20;
  for (;;)
    std::memset(new char[step], 1, step / 16);
}

const std::vector<deed> faults{
  {"write nowhere", write_nowhere},
  {"abort",
   [](const prey&) -> long {
     std::abort();
   }},
  {"trap",
   [](const prey&) -> long {
     __builtin_trap();
   }},
  {"exit",
   [](const prey&) -> long {
     std::_Exit(7);
   }},
  {"spin",
   [](const prey&) -> long {
     for (volatile unsigned i = 0;;)
       i = i + 1;
   }},
  {"wait",
   [](const prey&) -> long {
     for (;;)
       ::sleep(1000);
   }},
  {"take all memory", take_all_memory},
};

const deed* find(const std::string& name) {
  for (auto* deeds :
       {&faults, &file_deeds(), &process_deeds(), &kernel_deeds()})
    for (auto& x : *deeds)
      if (x.name == name)
        return &x;
  return nullptr;
}

// Ends the process after a deed that the walls refused, or that was done.
void do_deed(const std::string& picture) {
  const std::string mark = "DEED ";
  auto at = picture.rfind(mark);
  if (at == std::string::npos)
    return;
  auto words = picture.substr(at + mark.size());
  auto cut = words.find('|');
  auto* what = find(words.substr(0, cut));
  if (what == nullptr)
    std::_Exit(250); // no error of Linux's has this number
  prey prey{words.substr(cut + 1), -1, ::getppid()};
  errno = 0;
  std::_Exit(what->attempt(prey) < 0 ? errno : 0);
}

int serve(frame_channel channel) {
  std::mutex mutex;
  workbench bench{[&](const codec_response& x) {
    std::lock_guard guard{mutex};
    if (!channel.send(pack(x), no_deadline))
      std::_Exit(EXIT_SUCCESS);
  }};
  for (;;) {
    auto got = channel.receive(UINT32_MAX, no_deadline);
    if (!got)
      return EXIT_SUCCESS;
    auto request = unpack_request(std::move(*got));
    if (!request)
      return EXIT_FAILURE;
    if (request->time.count() > 0 && !limit_cpu(request->time))
      return EXIT_FAILURE;
    do_deed(request->picture);
    bench.serve(std::move(*request));
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3 || !start_imaging())
    return EXIT_FAILURE;
  if (!enter_sandbox({std::strtoull(argv[1], nullptr, 10),
                      std::chrono::seconds{std::atoll(argv[2])}, channel_fd}))
    return EXIT_FAILURE;
  return serve(frame_channel{channel_fd});
}
