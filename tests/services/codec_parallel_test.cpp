/// Several encodes of one picture, and several pictures on one budget.
#define CAF_SUITE codec_parallel

#include "services/codec/codec_client.hpp"
#include "tests/support/scratch.hpp"
#include "tests/support/test.hpp"

#include <sys/stat.h>

#include <future>
#include <thread>

using namespace darkroom;
using namespace darkroom::test;
using namespace std::chrono_literals;

namespace {

const std::string program = DARKROOM_BINARY_DIR "/darkroom-codec";

std::string picture(const std::string& name) {
  return DARKROOM_SOURCE_DIR "/tests/pictures/" + name;
}

codec_client::time_point in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

std::shared_ptr<codec_budget> budget(uint32_t cores, uint64_t memory = 0) {
  return std::make_shared<codec_budget>(codec_capacity{cores, memory});
}

// Whether all cores and all memory of the budget are free.
bool is_whole(const std::shared_ptr<codec_budget>& all) {
  codec_budget::share mine{all};
  mine.want_memory(all->capacity().memory_bytes);
  mine.want_cores(all->capacity().cores);
  return mine.has_memory() && mine.cores() == all->capacity().cores;
}

// A codec whose picture is 3000 x 2000, and who answers the first encode with
// these heads: Python expressions.
struct liar_fixture {
  scratch_folder folder;

  result<std::vector<encoded_variant>> variants(const std::string& heads) {
    write_file(folder / "codec", R"(#!/usr/bin/python3
import json, socket, struct
s = socket.socket(fileno=3)
def take(n):
    b = b''
    while len(b) < n:
        x = s.recv(n - len(b))
        if not x: raise SystemExit
        b += x
    return b
def request():
    head, body = struct.unpack('<II', take(8))
    h = json.loads(take(head))
    take(body)
    return h
def answer(body=b'', **more):
    head = {'code': 0, 'context': '', 'number': 0, 'memoryBytes': 1,
      'facts': {'format': 'png', 'fileSize': 1, 'width': 3000, 'height': 2000,
        'orientation': 1, 'frames': 1, 'hasAlpha': False, 'iccProfile': '',
        'cameraMake': '', 'cameraModel': '', 'takenAt': ''},
      'small': {'width': 0, 'height': 0, 'bytes': 0}, 'visionBytes': 0,
      'file': {'width': 0, 'height': 0, 'bytes': 0}, 'walls': [], 'noWalls': [],
      'libraries': ''}
    head.update(more)
    h = json.dumps(head).encode()
    s.sendall(struct.pack('<II', len(h), len(body)) + h + body)
def file(number, width=640, height=480):
    answer(b'x', number=number, file={'width': width, 'height': height, 'bytes': 1})
request(); answer()
request(); answer(b'rgb', small={'width': 1, 'height': 1, 'bytes': 3})
request()
)" + heads + "\nwhile True: request()\n");
    ::chmod((folder / "codec").c_str(), 0755);
    codec_client codec{{}, folder / "codec"};
    return codec.variants(picture("tiny.jpg"), in(20s));
  }

  error answers(const std::string& heads) {
    auto got = variants(heads);
    CAF_REQUIRE(!got);
    return std::move(got.error());
  }
};

} // namespace

CAF_TEST(progress grows from the decode to the last file) {
  codec_client codec{{}, program, budget(4)};
  std::vector<double> told;
  variant_wishes wishes{.avif_effort = 0};
  wishes.progress = [&told](double done) {
    told.push_back(done);
  };
  auto six = codec.variants(picture("photo-progressive.jpg"), in(60s), wishes);
  CAF_REQUIRE(six);
  CAF_CHECK_EQUAL(six->size(), 6u);
  CAF_CHECK_EQUAL(told.size(), 7u);
  CAF_CHECK(std::is_sorted(told.begin(), told.end()));
  CAF_CHECK(told.back() > 0.999);
}

CAF_TEST(the bytes do not depend on the cores) {
  codec_client one{{}, program, budget(1)};
  codec_client four{{}, program, budget(4)};
  variant_wishes hasty{.avif_effort = 0};
  auto a = one.variants(picture("photo.webp"), in(60s), hasty);
  auto b = four.variants(picture("photo.webp"), in(60s), hasty);
  CAF_REQUIRE(a);
  CAF_REQUIRE(b);
  CAF_REQUIRE_EQUAL(a->size(), b->size());
  for (size_t i = 0; i < a->size(); ++i) {
    CAF_CHECK_EQUAL(a->at(i).types, b->at(i).types);
    CAF_CHECK_EQUAL(a->at(i).file.width, b->at(i).file.width);
    CAF_CHECK(a->at(i).format == b->at(i).format);
  }
}

CAF_TEST(two clients share one core) {
  auto all = budget(1, 1 << 20);
  auto run = [&all](const char* name) {
    codec_client codec{{}, program, all};
    return bool{codec.variants(picture(name), in(60s), {.avif_effort = 0})}
           && bool{codec.analyse(picture(name), in(60s))};
  };
  auto other = std::async(std::launch::async, run, "photo-progressive.jpg");
  CAF_CHECK(run("photo.webp"));
  CAF_CHECK(other.get());
  CAF_CHECK(is_whole(all));
}

CAF_TEST(a picture that fails gives its cores back) {
  auto all = budget(2, 1 << 20);
  scratch_folder folder;
  write_file(folder / "broken.jpg",
             read_file(picture("photo-baseline.jpg")).substr(0, 20000));
  codec_client codec{{}, program, all};
  CAF_CHECK(!codec.variants(folder / "broken.jpg", in(60s)));
  CAF_CHECK(!codec.crash(in(20s)));
  CAF_CHECK(is_whole(all));
  CAF_CHECK(codec.variants(picture("tiny.jpg"), in(60s)));
  CAF_CHECK(is_whole(all));
}

CAF_TEST(waiting for a core ends at the deadline) {
  auto all = budget(1);
  codec_budget::share other{all};
  other.want_cores(1);
  codec_client codec{{}, program, all};
  auto got = codec.variants(picture("tiny.jpg"), in(300ms));
  CAF_REQUIRE(!got);
  CAF_CHECK_EQUAL(got.error().code, ec::timed_out);
}

CAF_TEST(waiting for memory ends when the job is cancelled) {
  auto all = budget(1, 1000);
  auto other = std::make_unique<codec_budget::share>(all);
  other->want_memory(1000);
  codec_client codec{{}, program, all};
  std::atomic<bool> is_done = false;
  std::thread canceller{[&] {
    while (!is_done) {
      codec.cancel();
      std::this_thread::sleep_for(5ms);
    }
  }};
  auto got = codec.variants(picture("tiny.jpg"), in(60s));
  is_done = true;
  canceller.join();
  CAF_REQUIRE(!got);
  CAF_CHECK_EQUAL(got.error().code, ec::cancelled);
  other.reset();
  CAF_CHECK(codec.variants(picture("tiny.jpg"), in(60s)));
}

CAF_TEST_FIXTURE_SCOPE(liar_tests, liar_fixture)

CAF_TEST(a file that nobody ordered ends the codec) {
  for (const char* heads : {"file(99)", "file(5)", "file(0); file(0)"}) {
    auto why = answers(heads);
    CAF_MESSAGE(heads << ": " << why.context);
    CAF_CHECK_EQUAL(why.code, ec::codec_crashed);
  }
}

CAF_TEST(a file of another size ends the codec) {
  for (const char* heads :
       {"file(0, 4000, 10)", "file(0, 0, 10)", "file(0, 10, 20000)",
        "answer(b'', file={'width': 1, 'height': 1, 'bytes': 0})"})
    CAF_CHECK_EQUAL(answers(heads).code, ec::codec_crashed);
}

CAF_TEST(a file that cannot be encoded fails the picture) {
  auto why = answers("answer(code=2, context='no luck')");
  CAF_MESSAGE(why.context);
  CAF_CHECK(why.context.find("no luck") != std::string::npos);
}

CAF_TEST(a codec that dies after the last file has done its work) {
  auto got = variants("file(0)\n"
                      "for i in range(5): file(request()['order']['number'])\n"
                      "raise SystemExit");
  if (!got)
    CAF_FAIL(got.error().context);
  CAF_CHECK_EQUAL(got->size(), 6u);
}

CAF_TEST_FIXTURE_SCOPE_END()
