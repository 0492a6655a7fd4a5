/// The codec process's loop: requests in any order and any number, broken ones,
/// and pictures that are broken, too. It is the real loop, behind a socket;
/// only its limit of CPU time and its sandbox are left out.
#include "config/source_formats.hpp"
#include "services/imaging/sandbox.hpp"

// The loop is a function of the program.
#define main codec_main
#include "nodes/codec_main.cpp" // NOLINT(bugprone-suspicious-include)
#undef main

#include <sys/socket.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <thread>

namespace darkroom {

result<sandbox_report> enter_sandbox(const sandbox_plan&) {
  return sandbox_report{};
}

status limit_cpu(std::chrono::milliseconds) {
  return ok;
}

} // namespace darkroom

namespace {

void require(bool holds) {
  if (!holds)
    std::abort();
}

// Reads numbers and bytes off the input; zeros after its end.
class dice {
public:
  explicit dice(std::string_view rest) : rest_(rest) {}

  bool at_end() const {
    return rest_.empty();
  }

  std::string_view take(size_t count) {
    auto taken = rest_.substr(0, count);
    rest_.remove_prefix(taken.size());
    return taken;
  }

  uint32_t number(size_t bytes) {
    uint32_t out = 0;
    for (auto c : take(bytes))
      out = out << 8 | static_cast<unsigned char>(c);
    return out;
  }

private:
  std::string_view rest_;
};

// A request that the loop must answer, and quickly: it neither crashes nor
// burns time on purpose, and its pictures are small.
void tame(codec_request& x) {
  if (x.operation == codec_operation::crash
      || x.operation == codec_operation::hang)
    x.operation = codec_operation::walls;
  auto& limits = x.settings;
  limits.max_pixels = std::min<uint64_t>(limits.max_pixels, 128 * 128);
  auto is_avif = x.order.format == picture_format::avif;
  x.order.effort = is_avif ? 0 : std::min(x.order.effort, 1u);
  x.order.threads = std::min(x.order.threads, 2u);
}

// What one input sends, and how many answers are due.
struct talk {
  std::string bytes;
  size_t answers = 0;
  bool is_broken = false; ///< the loop ends at a request that it cannot read

  void add(codec_request request) {
    tame(request);
    add({pack_head(request), std::move(request.picture)});
    answers += request.operation != codec_operation::close;
  }

  void add(const frame& one) {
    bytes += pack_prefix(static_cast<uint32_t>(one.head.size()),
                         static_cast<uint32_t>(one.body.size()));
    bytes += one.head + one.body;
  }
};

codec_request request_of(dice& from) {
  constexpr codec_operation usual[] = {
    codec_operation::open,   codec_operation::analyse, codec_operation::decode,
    codec_operation::encode, codec_operation::encode,  codec_operation::encode,
    codec_operation::close,  codec_operation::walls};
  codec_request request;
  request.operation = usual[from.number(1) % 8];
  auto& order = request.order;
  order.number = from.number(1);
  order.width = from.number(2);
  order.height = from.number(2);
  order.format
    = all_picture_formats[from.number(1) % std::size(all_picture_formats)];
  order.quality = from.number(1);
  order.effort = order.quality % 4;
  order.threads = order.quality % 3;
  order.fit = order.quality % 2 == 0 ? picture_fit::inside : picture_fit::cover;
  auto& settings = request.settings;
  auto flags = from.number(1);
  settings.strictness = flags & 1 ? "strict" : "lenient";
  settings.formats = flags & 2 ? common_formats() : known_formats();
  settings.vision_edge = from.number(1);
  settings.analysis_edge = from.number(1);
  if (request.operation == codec_operation::open)
    request.picture = from.take(from.number(2));
  return request;
}

// Frames as they are, but for what tame() changes.
void add_stream(std::string_view bytes, talk& to) {
  while (!to.is_broken) {
    auto prefix = bytes.substr(0, frame_prefix_bytes);
    auto sizes = unpack_prefix(std::string{prefix}, UINT32_MAX);
    to.is_broken = !sizes;
    if (!sizes
        || bytes.size() - prefix.size() < uint64_t{sizes->head} + sizes->body)
      break;
    bytes.remove_prefix(prefix.size());
    frame one{std::string{bytes.substr(0, sizes->head)},
              std::string{bytes.substr(sizes->head, sizes->body)}};
    bytes.remove_prefix(sizes->head + size_t{sizes->body});
    if (auto request = unpack_request(one)) {
      to.add(std::move(*request));
    } else {
      to.is_broken = true;
      to.add(one);
    }
  }
  to.bytes += bytes;
}

// Counts the answers until the loop ends; each must be one that the client
// accepts.
size_t count_answers(frame_channel& from) {
  for (size_t count = 0;; ++count) {
    auto got = from.receive(max_response_bytes, no_deadline);
    if (!got)
      return count;
    require(bool{unpack_response(*got)});
  }
}

void hold(const talk& what) {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends))
    return;
  frame_channel client{ends[0]};
  std::thread loop{[fd = ends[1]] {
    serve(frame_channel{fd}, {});
  }};
  size_t answers = 0;
  std::thread reader{[&] {
    answers = count_answers(client);
  }};
  // Both threads use the socket, but in opposite directions.
  auto sent = client.send(what.bytes, no_deadline);
  require(sent || what.is_broken);
  ::shutdown(ends[0], SHUT_WR);
  reader.join();
  loop.join();
  require(answers == what.answers);
}

} // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  require(bool{start_imaging()});
  return 0;
}

// 's' and a stream of frames; else a list of requests in few bytes, which says
// more to a fuzzer.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dice input{{reinterpret_cast<const char*>(data), size}};
  talk all;
  if (input.take(1) == "s") {
    add_stream(input.take(size), all);
  } else {
    for (int i = 0; i < 16 && !input.at_end(); ++i)
      all.add(request_of(input));
  }
  hold(all);
  return 0;
}
