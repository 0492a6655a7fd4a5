/// The binary `darkroom-codec`: the only one that touches encoded pictures.
/// codec_client starts it with its limits (memory in bytes and CPU in seconds)
/// and with a socket as descriptor 3.
#include "services/codec/frame_channel.hpp"
#include "services/imaging/libraries.hpp"
#include "services/imaging/sandbox.hpp"
#include "services/imaging/start.hpp"
#include "services/imaging/workbench.hpp"

#include <cstdio>
#include <cstdlib>
#include <mutex>

namespace {

using namespace darkroom;

constexpr int channel_fd = 3;
constexpr auto no_deadline = frame_channel::time_point::max();

int give_up(const error& why) {
  std::fprintf(stderr, "darkroom-codec: %s\n", why.context.c_str());
  return EXIT_FAILURE;
}

// Several threads answer. The lock keeps each response whole.
class answers {
public:
  explicit answers(frame_channel& channel) : channel_(channel) {}

  void send(const codec_response& response) {
    auto packed = pack(response);
    std::lock_guard guard{mutex_};
    if (!channel_.send(packed, no_deadline))
      std::_Exit(EXIT_SUCCESS); // the client is gone
  }

private:
  std::mutex mutex_;
  frame_channel& channel_;
};

// Ends when the other side closes the channel.
int serve(frame_channel channel, const sandbox_report& sandbox) {
  answers out{channel};
  codec_response walls;
  walls.sandbox = sandbox;
  workbench bench{[&out](const codec_response& x) {
    out.send(x);
  }};
  for (;;) {
    // The client has checked the picture's size before it sent the picture.
    auto got = channel.receive(UINT32_MAX, no_deadline);
    if (!got)
      return EXIT_SUCCESS;
    auto request = unpack_request(std::move(*got));
    if (!request)
      return give_up(request.error());
    if (request->time.count() > 0)
      if (auto limited = limit_cpu(request->time); !limited)
        return give_up(limited.error());
    if (request->operation == codec_operation::walls)
      out.send(walls);
    else
      bench.serve(std::move(*request));
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("darkroom-codec is started by darkroom, not by people\n",
               stderr);
    return 2;
  }
  if (auto started = start_imaging(); !started)
    return give_up(started.error());
  library_versions(); // the sandbox will hide their files
  auto seconds = std::strtoll(argv[2], nullptr, 10);
  auto confined = enter_sandbox({std::strtoull(argv[1], nullptr, 10),
                                 std::chrono::seconds{seconds}, channel_fd});
  if (!confined)
    return give_up(confined.error());
  for (auto& missing : confined->missing)
    std::fprintf(stderr, "%s%s\n", no_wall, missing.c_str());
  return serve(frame_channel{channel_fd}, *confined);
}
