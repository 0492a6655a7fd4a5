#define CAF_SUITE codec_wire

#include "services/codec/codec_wire.hpp"
#include "services/codec/frame_channel.hpp"
#include "tests/support/test.hpp"

#include <sys/socket.h>

#include <thread>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

codec_response sample() {
  codec_response x;
  x.facts = {"jpeg", 77, 3, 2, 6, 1, true, "sRGB", "M\xe4ke", "Model", "now"};
  x.small = {1, 2, {1, 2, 3, 4, 5, 6}};
  x.vision_jpeg = std::string{"j\0peg", 5};
  x.number = 4;
  x.memory_bytes = 5000000000;
  x.file = {3, 2, "one"};
  x.libraries = "libaom.so.3.6.0";
  return x;
}

struct channel_fixture {
  frame_channel left;
  frame_channel right;

  channel_fixture() {
    int ends[2];
    CAF_REQUIRE_EQUAL(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    left = frame_channel{ends[0]};
    right = frame_channel{ends[1]};
  }

  static frame_channel::time_point in(std::chrono::milliseconds time) {
    return std::chrono::steady_clock::now() + time;
  }

  // What `right` makes of these bytes and the end of the stream.
  ec received(const std::string& bytes) {
    CAF_CHECK(left.send(bytes, in(1s)));
    left.close();
    auto got = right.receive(100, in(1s));
    return got ? ec::none : got.error().code;
  }
};

} // namespace

CAF_TEST(a request comes out as it went in) {
  codec_request x{codec_operation::encode, {}, 1500ms};
  x.order = {.number = 7,
             .width = 640,
             .height = 16383,
             .fit = picture_fit::cover,
             .format = picture_format::avif,
             .tune = "ssim",
             .quality = 50,
             .effort = 1};
  x.settings.max_pixels = 12345678901;
  x.settings.strictness = "strict";
  x.settings.formats = {"png", "heic"};
  auto y = unpack_request({pack_head(x), "picture"});
  CAF_REQUIRE(y);
  CAF_CHECK_EQUAL(y->operation, codec_operation::encode);
  CAF_CHECK_EQUAL(y->order.number, 7u);
  CAF_CHECK_EQUAL(y->order.width, 640u);
  CAF_CHECK_EQUAL(y->order.height, 16383u);
  CAF_CHECK(y->order.fit == picture_fit::cover);
  CAF_CHECK(y->order.format == picture_format::avif);
  CAF_CHECK_EQUAL(y->order.tune, "ssim");
  CAF_CHECK_EQUAL(y->order.quality, 50u);
  CAF_CHECK_EQUAL(y->order.effort, 1u);
  CAF_CHECK_EQUAL(y->settings.max_pixels, 12345678901u);
  CAF_CHECK(y->settings.formats == x.settings.formats);
  CAF_CHECK_EQUAL(y->settings.strictness, "strict");
  CAF_CHECK_EQUAL(y->time.count(), 1500);
  CAF_CHECK_EQUAL(y->picture, "picture");
}

CAF_TEST(a response comes out as it went in) {
  auto y = unpack_response(pack(sample()));
  CAF_REQUIRE(y);
  CAF_CHECK_EQUAL(y->problem.code, ec::none);
  CAF_CHECK_EQUAL(y->facts.orientation, 6u);
  CAF_CHECK(y->facts.has_alpha);
  CAF_CHECK_EQUAL(y->facts.camera_make, "M\xef\xbf\xbdke"); // not UTF-8
  CAF_CHECK_EQUAL(y->small.pixels, sample().small.pixels);
  CAF_CHECK_EQUAL(y->libraries, "libaom.so.3.6.0");
  CAF_CHECK_EQUAL(y->vision_jpeg, sample().vision_jpeg);
  CAF_CHECK_EQUAL(y->number, 4u);
  CAF_CHECK_EQUAL(y->memory_bytes, 5000000000u);
  CAF_CHECK_EQUAL(y->file.bytes, "one");
  CAF_CHECK_EQUAL(y->file.width, 3u);
}

CAF_TEST(an error comes out as it went in) {
  codec_response x;
  x.problem = fail(ec::too_large, "900 MP");
  auto y = unpack_response(pack(x));
  CAF_REQUIRE(y);
  CAF_CHECK_EQUAL(y->problem.code, ec::too_large);
  CAF_CHECK_EQUAL(y->problem.context, "900 MP");
}

CAF_TEST(a body that does not fit its head is refused) {
  auto shorter = pack(sample());
  shorter.body.pop_back();
  CAF_CHECK(!unpack_response(shorter));
  auto longer = pack(sample());
  longer.body += 'x';
  CAF_CHECK(!unpack_response(longer));
  auto lying = sample();
  lying.small.height = 3;
  CAF_CHECK(!unpack_response(pack(lying)));
}

CAF_TEST(a head that is no request or response is refused) {
  auto deep = std::string(60000, '[');
  for (std::string head : {std::string{}, std::string{"{"}, std::string{"[]"},
                           std::string{R"({"operation":"dance"})"}, deep}) {
    CAF_CHECK(!unpack_request({head, {}}));
    CAF_CHECK(!unpack_response({head, {}}));
  }
}

// The child may have been taken over by a picture.
CAF_TEST(an error that no codec may give is refused) {
  for (auto code : {ec::fenced, ec::cancelled, ec::throttled, ec::protocol,
                    ec::codec_timeout, ec::redis_unavailable}) {
    codec_response x;
    x.problem = fail(code, "says the picture");
    CAF_CHECK(!unpack_response(pack(x)));
  }
}

CAF_TEST(numbers of a response are not converted) {
  auto whole = pack(sample());
  auto with = [&](const std::string& width) {
    auto changed = whole;
    std::string before = "\"width\":1}";
    auto at = changed.head.find(before);
    CAF_REQUIRE(at != std::string::npos);
    changed.head.replace(at, before.size(), "\"width\":" + width + "}");
    return bool{unpack_response(changed)};
  };
  CAF_CHECK(with("1"));
  for (auto width : {"1.0", "-1", "1e300", "4294967297", "true", "\"1\"",
                     "null", "18446744073709551617"})
    CAF_CHECK(!with(width));
}

CAF_TEST(a raw picture whose size is above 64 bits is refused) {
  auto x = sample();
  x.small.width = 0x80000000; // times 2^31 times 3: 2^63 modulo 2^64
  x.small.height = 0x80000000;
  x.small.pixels.clear();
  CAF_CHECK(!unpack_response(pack(x)));
  x.small.width = 0;
  CAF_CHECK(unpack_response(pack(x)));
}

CAF_TEST(a picture that says much of itself still has a response) {
  auto x = sample();
  x.facts.camera_make = std::string(60000, '\x01'); // six bytes each in JSON
  x.facts.icc_profile = std::string(60000, '\xff'); // three bytes each
  auto packed = pack(x);
  CAF_CHECK(packed.head.size() <= max_head_bytes);
  auto y = unpack_response(packed);
  CAF_REQUIRE(y);
  CAF_CHECK_EQUAL(y->facts.camera_make, std::string(1000, '\x01'));
  CAF_CHECK_EQUAL(y->facts.icc_profile.size(), 3000u);
}

CAF_TEST(what a sandbox is made of comes out as it went in) {
  auto x = sample();
  x.sandbox = {{"one", "two"}, {"three"}};
  auto y = unpack_response(pack(x));
  CAF_REQUIRE(y);
  CAF_CHECK_EQUAL(y->sandbox.held.size(), 2u);
  CAF_CHECK_EQUAL(y->sandbox.missing.at(0), "three");
  x.sandbox.held.resize(17);
  CAF_CHECK(!unpack_response(pack(x)));
}

CAF_TEST(every cut through a response is refused) {
  auto whole = pack(sample());
  for (size_t n = 0; n < whole.head.size(); ++n)
    if (unpack_response({whole.head.substr(0, n), whole.body}))
      CAF_FAIL("a head cut at " << n << " was read");
  for (size_t n = 0; n < whole.body.size(); ++n)
    if (unpack_response({whole.head, whole.body.substr(0, n)}))
      CAF_FAIL("a body cut at " << n << " was read");
}

CAF_TEST_FIXTURE_SCOPE(channel_tests, channel_fixture)

CAF_TEST(a large frame passes while the other side reads) {
  frame big{"head", std::string(5000000, 'x')};
  std::thread sender{[&] {
    CAF_CHECK(left.send(big, in(10s)));
  }};
  auto got = right.receive(5000000, in(10s));
  sender.join();
  CAF_REQUIRE(got);
  CAF_CHECK_EQUAL(got->head, "head");
  CAF_CHECK(got->body == big.body);
}

CAF_TEST(a frame at the limit passes and one above does not ) {
  CAF_CHECK_EQUAL(received(pack_prefix(1, 100) + std::string(101, 'x')),
                  ec::none);
}

CAF_TEST(an oversize body is refused before it is read) {
  CAF_CHECK_EQUAL(received(pack_prefix(1, 101)), ec::protocol);
}

CAF_TEST(an oversize head is refused before it is read) {
  CAF_CHECK_EQUAL(received(pack_prefix(max_head_bytes + 1, 0)), ec::protocol);
}

CAF_TEST(a frame that is cut off is refused) {
  CAF_CHECK_EQUAL(received(pack_prefix(1, 9) + "12345"), ec::protocol);
}

CAF_TEST(a prefix that is cut off is refused) {
  CAF_CHECK_EQUAL(received("123"), ec::protocol);
}

CAF_TEST(silence ends at the deadline) {
  auto got = right.receive(100, in(20ms));
  CAF_REQUIRE(!got);
  CAF_CHECK_EQUAL(got.error().code, ec::timed_out);
}

CAF_TEST(sending to who does not read ends at the deadline) {
  auto sent = left.send({"head", std::string(5000000, 'x')}, in(20ms));
  CAF_REQUIRE(!sent);
  CAF_CHECK_EQUAL(sent.error().code, ec::timed_out);
}

CAF_TEST(sending to who is gone is an error and no signal) {
  right.close();
  auto sent = left.send({"head", std::string(5000000, 'x')}, in(1s));
  CAF_REQUIRE(!sent);
  CAF_CHECK_EQUAL(sent.error().code, ec::protocol);
}

CAF_TEST_FIXTURE_SCOPE_END()
