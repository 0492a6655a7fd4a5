/// Nodes that do not fit together, or that are not nodes.
#define CAF_SUITE uplink_refusal

#include "tests/support/log_lines.hpp"
#include "tests/support/uplink_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

struct refusal_fixture : uplink_fixture {
  /// Both nodes work on pictures, beside which the main node left its mark.
  void see_pictures() {
    node_traits pictures{{"uploads folder", "id-1", "/pictures", false}};
    about.traits = pictures;
    about.mark = {"darkroom.main.0123456789abcdef", "newest"};
    options.look_up_traits = [pictures] {
      return result<node_traits>{pictures};
    };
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(uplink_refusal_tests, refusal_fixture)

CAF_TEST(a worker newer than its main node waits and both say why) {
  log_lines log;
  options.hello.protocol = protocol_version() + 1;
  options.hello.version = "9.9.9";
  start_registry();
  start_uplink();
  pass(2s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(lost.empty());
  auto why
    = "the worker speaks protocol " + std::to_string(protocol_version() + 1)
      + " (darkroom 9.9.9), the main node " + std::to_string(protocol_version())
      + " (darkroom 0.0.1), which is older: upgrade the main nodes "
        "first, then the workers";
  CAF_CHECK_EQUAL(log.count(text_of(options.mains[0]) + ": " + why), 1u);
  CAF_CHECK_EQUAL(log.count("node mars is refused: " + why), 1u);
}

CAF_TEST(a worker of the protocol before joins) {
  options.hello.protocol = oldest_protocol;
  start_registry();
  start_uplink();
  CAF_CHECK(has_joined());
}

CAF_TEST(a worker that is too old is told so by its main node) {
  log_lines log;
  options.hello.protocol = oldest_protocol - 1;
  options.hello.version = "0.0.0";
  start_registry();
  start_uplink();
  pass(2s);
  CAF_CHECK(!has_joined());
  // In the log of both, which is one here.
  CAF_CHECK_EQUAL(log.count("no main node: the worker speaks protocol "), 1u);
  CAF_CHECK_EQUAL(log.count("node mars is refused: the worker speaks "), 1u);
  CAF_CHECK_EQUAL(log.count("upgrade the worker"), 2u);
}

CAF_TEST(a node that could not work does not join until it is mended) {
  log_lines log;
  auto is_mended = false;
  options.look_up_traits = [&]() -> result<node_traits> {
    if (!is_mended)
      return fail(ec::bad_config, "the weights cannot be read");
    return node_traits{};
  };
  start_registry();
  start_uplink();
  pass(2s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(log.count("this node cannot work: the weights cannot be read") > 0);
  is_mended = true;
  pass(5s);
  CAF_CHECK(has_joined());
}

CAF_TEST(a node reads what the main node left beside the pictures per link) {
  log_lines log;
  see_pictures();
  std::string there = "older";
  int reads = 0;
  options.read_mark = [&](const std::string& name) {
    CAF_CHECK_EQUAL(name, about.mark.name);
    ++reads;
    return result<std::string>{there};
  };
  auto is_kept = false;
  about.check_mark = [&] {
    if (is_kept)
      there = "newest";
  };
  start_registry();
  start_uplink();
  pass(1s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(log.count("is a copy of the main node's") > 0);
  is_kept = true; // the main node notices that somebody overwrote its mark
  pass(2s);
  CAF_CHECK(has_joined());
  auto before = reads;
  CAF_CHECK(before >= 3);
  // The dispatcher restarts: the uplink asks for the new one again and again.
  caf::anon_send_exit(dispatcher_, caf::exit_reason::kill);
  earth_roles->set(role::dispatcher, nullptr);
  pass(2s);
  CAF_CHECK_EQUAL(reads, before);
}

CAF_TEST(a mark that cannot be read is told once) {
  log_lines log;
  see_pictures();
  int reads = 0;
  options.read_mark = [&](const std::string&) -> result<std::string> {
    return fail(ec::storage_failed,
                "no answer after " + std::to_string(1000 + ++reads) + " ms");
  };
  start_registry();
  auto namesake = options.hello; // keeps our node out for a while
  namesake.boot_id = "mars-0";
  caf::anon_send(registry, namesake);
  settle();
  start_uplink();
  pass(1s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(reads > 1);
  CAF_CHECK_EQUAL(log.count("sees a copy of the pictures is unknown: no answer "
                            "after 1001 ms"),
                  1u);
  CAF_CHECK_EQUAL(log.count("sees a copy of the pictures is unknown"), 1u);
  pass(2s);
  CAF_CHECK(has_joined());
}

CAF_TEST(main nodes of other versions are known though all else has changed) {
  log_lines log;
  auto protocol = protocol_version() - 1;
  // All that versions have in common.
  auto other = earth.sys.spawn([&]() -> caf::behavior {
    return {
      [&](uint32_t, const std::string&, const std::string&) {
        return std::make_tuple(protocol, std::string{"9.9.9"});
      },
    };
  });
  listen_as(other);
  start_uplink();
  pass(2s);
  CAF_CHECK(!has_joined());
  CAF_CHECK_EQUAL(log.count("the main node " + std::to_string(protocol)
                            + " (darkroom 9.9.9), which is older"),
                  1u);
  protocol = protocol_version() + 1;
  pass(3s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(log.count("that does not serve workers of this version") > 0);
  caf::anon_send_exit(other, caf::exit_reason::kill);
}

CAF_TEST(what is no main node is told) {
  log_lines log;
  auto stranger = earth.sys.spawn([]() -> caf::behavior {
    return {
      [](int) {},
    };
  });
  listen_as(stranger);
  start_uplink();
  pass(1s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(log.count("does not answer like a darkroom main node") > 0);
  caf::anon_send_exit(stranger, caf::exit_reason::kill);
}

CAF_TEST(a connection on which nobody answers is broken for another one) {
  log_lines log;
  auto silent
    = earth.sys.spawn([](caf::event_based_actor* self) -> caf::behavior {
        return {
          [self](uint32_t, const std::string&, const std::string&) {
            return self->make_response_promise();
          },
        };
      });
  listen_as(silent);
  start_uplink();
  pass(400ms);
  CAF_CHECK_EQUAL(severed, 0);
  pass(200ms);
  CAF_CHECK_EQUAL(severed, 1);
  CAF_CHECK(log.count("does not answer like a darkroom main node") > 0);
  caf::anon_send_exit(silent, caf::exit_reason::kill);
}

CAF_TEST_FIXTURE_SCOPE_END()
