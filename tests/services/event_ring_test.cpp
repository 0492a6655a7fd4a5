#define CAF_SUITE event_ring

#include "services/redis/event_ring.hpp"
#include "tests/support/must.hpp"
#include "tests/support/redis_server.hpp"
#include "tests/support/test.hpp"

#include <hiredis/hiredis.h>

using namespace darkroom;

namespace {

using strings = std::vector<std::string>;

std::string new_channel() {
  static int count = 0;
  return "ring-" + std::to_string(++count);
}

struct fixture {
  std::string channel = new_channel();
  event_ring writer{test::shared_redis().settings(), channel, 1000};
  event_ring reader{test::shared_redis().settings(), channel, 1000};

  /// What a reader gets now, as "1:a 2:b".
  static std::string read(event_ring& from) {
    std::string out;
    for (auto has_more = true; has_more;) {
      auto news = must(from.next());
      if (news.is_other)
        out += "other ";
      for (const auto& x : news.events)
        out += std::to_string(x.number) + ':' + x.text + ' ';
      has_more = news.has_more;
    }
    return out;
  }

  void publish(const strings& texts, int64_t now = 5) {
    must(writer.publish(texts, now));
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(event_ring_tests, fixture)

CAF_TEST(what is published can be read in its order) {
  CAF_CHECK_EQUAL(read(reader), "");
  publish({"a", "b"});
  publish({"c"});
  CAF_CHECK_EQUAL(read(reader), "1:a 2:b 3:c ");
  CAF_CHECK_EQUAL(read(reader), "");
  publish({"d"});
  CAF_CHECK_EQUAL(read(reader), "4:d ");
  CAF_CHECK_EQUAL(must(reader.newest()), 4u);
}

CAF_TEST(the time is kept with the event) {
  publish({"a"}, 1700000000000);
  auto news = must(reader.next());
  CAF_CHECK_EQUAL(news.events.front().at, 1700000000000);
  CAF_CHECK(!news.events.front().is_foreign);
}

CAF_TEST(a reader goes on after a place that it is told) {
  publish({"a"});
  publish({"b"});
  publish({"c"});
  reader.go_on_after(2, 5);
  CAF_CHECK_EQUAL(read(reader), "3:c ");
}

CAF_TEST(the ring is bounded) {
  strings texts(500, "x");
  for (int i = 0; i < 20; ++i)
    publish(texts);
  auto ring = channel_keys{channel}.ring();
  auto length = must(writer.connection().call({"XLEN", ring}));
  CAF_CHECK(number_of(*length) <= 4 + 100); // a node of the stream has 100
  auto news = must(reader.next());
  CAF_CHECK(news.events.front().number <= 9001);
  CAF_CHECK_EQUAL(must(reader.newest()), 10000u);
}

CAF_TEST(a call whose answer was lost is not made twice) {
  publish({"a"});
  event_ring other{test::shared_redis().settings(), channel, 1000};
  auto own = channel_keys{channel}.own();
  auto again = [&](const char* number) {
    return number_of(*must(other.connection().script(
      "publish_events.lua",
      {own, channel, "5", "1000", "somebody", number, "b"})));
  };
  CAF_CHECK_EQUAL(again("1"), 1);
  CAF_CHECK_EQUAL(again("1"), 0);
  CAF_CHECK_EQUAL(again("2"), 1);
  CAF_CHECK_EQUAL(read(reader), "1:a 2:b 3:b ");
}

CAF_TEST(what others published is kept once however many hear it) {
  must(writer.record({"a", "b"}, 5, "first"));
  must(writer.record({"a", "b"}, 5, "second"));
  CAF_CHECK_EQUAL(read(reader), "1:a 2:b ");
  must(writer.record({"a"}, 5, "first")); // published again
  must(writer.record({"a"}, 5, "second"));
  CAF_CHECK_EQUAL(read(reader), "3:a ");
  reader.go_on_after(0, 0);
  CAF_CHECK(must(reader.next()).events.front().is_foreign);
}

CAF_TEST(bytes of any kind pass) {
  std::string odd{"\0\r\n\xff", 4};
  publish({odd});
  CAF_CHECK(must(reader.next()).events.front().text == odd);
}

CAF_TEST(a ring that is deleted goes on with its numbers) {
  publish({"a"});
  read(reader);
  auto ring = channel_keys{channel}.ring();
  must(writer.connection().call({"DEL", ring}));
  publish({"b"});
  CAF_CHECK_EQUAL(read(reader), "2:b ");
}

CAF_TEST(a key of another program gives way) {
  auto ring = channel_keys{channel}.ring();
  must(writer.connection().call({"SET", ring, "x"}));
  publish({"a"});
  CAF_CHECK_EQUAL(read(reader), "1:a ");
}

CAF_TEST_FIXTURE_SCOPE_END()

CAF_TEST(a flush is noticed whatever came since) {
  test::redis_server server;
  event_ring writer{server.settings(), "c", 1000};
  event_ring reader{server.settings(), "c", 1000};
  must(writer.publish({"a", "b"}, 5));
  CAF_CHECK_EQUAL(fixture::read(reader), "1:a 2:b ");
  must(writer.connection().call({"FLUSHALL"}));
  must(writer.publish({"c"}, 6));
  CAF_CHECK_EQUAL(fixture::read(reader), "other 1:c ");
  must(writer.connection().call({"FLUSHALL"}));
  must(writer.publish({"d", "e", "f"}, 7)); // more than were read
  CAF_CHECK_EQUAL(fixture::read(reader), "other 1:d 2:e 3:f ");
}

CAF_TEST(a Redis that comes back without its last writes is noticed) {
  test::redis_server server;
  event_ring writer{server.settings(), "c", 1000};
  event_ring reader{server.settings(), "c", 1000};
  must(writer.publish({"a"}, 5));
  must(writer.connection().call({"SAVE"}));
  must(writer.publish({"b"}, 6));
  CAF_CHECK_EQUAL(fixture::read(reader), "1:a 2:b ");
  server.kill();
  server.restart();
  CAF_CHECK_EQUAL(fixture::read(reader), "other ");
  must(writer.publish({"c"}, 7));
  CAF_CHECK_EQUAL(fixture::read(reader), "2:c ");
}

CAF_TEST(lost writes are noticed although as many came since) {
  test::redis_server server;
  event_ring writer{server.settings(), "c", 1000};
  event_ring reader{server.settings(), "c", 1000};
  must(writer.publish({"a"}, 5));
  must(writer.connection().call({"SAVE"}));
  must(writer.publish({"b"}, 6));
  CAF_CHECK_EQUAL(fixture::read(reader), "1:a 2:b ");
  server.kill();
  server.restart();
  must(writer.publish({"c"}, 7));
  must(writer.publish({"d"}, 8));
  reader.doubt();
  CAF_CHECK_EQUAL(fixture::read(reader), "other 2:c 3:d ");
}

CAF_TEST(Redis that may not write refuses and nothing is published) {
  test::redis_server server;
  event_ring ring{server.settings(), "c", 1000};
  must(ring.connection().call({"CONFIG", "SET", "maxmemory", "1"}));
  auto done = ring.publish({"a"}, 5);
  CAF_REQUIRE(!done);
  CAF_CHECK(done.error().code == ec::redis_refused);
}
