/// What comes through the codec's socket, on either side, and what a codec says
/// on its standard error.
#include "services/codec/child_words.hpp"
#include "services/codec/frame_channel.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cstdlib>

using namespace darkroom;

namespace {

constexpr auto no_deadline = frame_channel::time_point::max();

void require(bool holds) {
  if (!holds)
    std::abort();
}

void read_request(const frame& from) {
  auto request = unpack_request(from);
  if (!request)
    return;
  auto again = unpack_request({pack_head(*request), request->picture});
  require(again && again->operation == request->operation
          && again->time == request->time
          && again->settings.max_pixels == request->settings.max_pixels
          && again->picture == from.body);
}

void read_response(const frame& from) {
  auto response = unpack_response(from);
  if (!response)
    return;
  auto& small = response->small;
  require(small.pixels.size() == uint64_t{small.width} * small.height * 3);
  require(response->problem.code != ec::fenced);
  auto packed = pack(*response);
  require(packed.head.size() <= max_head_bytes);
  auto again = unpack_response(packed);
  require(again && again->file.bytes == response->file.bytes
          && again->number == response->number
          && again->small.pixels == small.pixels);
}

void read_frame(const frame& from) {
  read_request(from);
  read_response(from);
}

// As a stream that ends.
void receive(std::string_view bytes) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
    return;
  frame_channel left{ends[0]};
  frame_channel right{ends[1]};
  require(bool{left.send(bytes.substr(0, 65536), no_deadline)});
  left.close();
  for (;;) {
    auto got = right.receive(100000, no_deadline);
    if (!got)
      return;
    read_frame(*got);
  }
}

void read_words(std::string_view words) {
  for (auto& line : lines_of(words)) {
    require(!line.empty() && line.size() <= 4 * max_words_line + 3);
    for (unsigned char c : line)
      require(c >= ' ' && c != 0x7f);
  }
}

} // namespace

// A byte that says what it is; a head and, after a NUL, a body; or a stream.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  std::string_view text{reinterpret_cast<const char*>(data), size};
  if (text.empty())
    return 0;
  auto kind = text.front();
  text.remove_prefix(1);
  if (kind == 's') {
    receive(text);
  } else if (kind == 'w') {
    read_words(text);
  } else {
    auto head = text.substr(0, text.find('\0'));
    text.remove_prefix(std::min(head.size() + 1, text.size()));
    read_frame({std::string{head}, std::string{text}});
  }
  return 0;
}
