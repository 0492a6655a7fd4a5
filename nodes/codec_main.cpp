/// The binary `darkroom-codec`: alone touches encoded pictures. Started by
/// codec_client with the memory limit in bytes and a socket as descriptor 3.
#include "services/codec/frame_channel.hpp"
#include "services/imaging/answer.hpp"
#include "services/imaging/sandbox.hpp"
#include "services/imaging/start.hpp"

#include <cstdio>
#include <cstdlib>

namespace {

using namespace darkroom;

constexpr int channel_fd = 3;
constexpr auto no_deadline = frame_channel::time_point::max();

int give_up(const error& why) {
  std::fprintf(stderr, "darkroom-codec: %s\n", why.context.c_str());
  return EXIT_FAILURE;
}

// Ends when the other side closes the channel.
int serve(frame_channel channel) {
  for (;;) {
    // The client has checked the size of the picture before it sent any.
    auto got = channel.receive(UINT32_MAX, no_deadline);
    if (!got)
      return EXIT_SUCCESS;
    auto request = unpack_request(std::move(*got));
    if (!request)
      return give_up(request.error());
    if (auto limited = limit_cpu(request->time); !limited)
      return give_up(limited.error());
    auto response = pack(answer(*request));
    if (auto sent = channel.send(response, no_deadline); !sent)
      return EXIT_SUCCESS;
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("darkroom-codec is started by darkroom, not by people\n",
               stderr);
    return 2;
  }
  if (auto started = start_imaging(); !started)
    return give_up(started.error());
  auto memory = std::strtoull(argv[1], nullptr, 10);
  if (auto confined = enter_sandbox(memory); !confined)
    return give_up(confined.error());
  return serve(frame_channel{channel_fd});
}
