/// Nodes that do not fit together, or that are not nodes.
#define CAF_SUITE uplink_refusal

#include "tests/support/log_lines.hpp"
#include "tests/support/uplink_fixture.hpp"

using namespace darkroom;
using namespace std::chrono_literals;

CAF_TEST_FIXTURE_SCOPE(uplink_refusal_tests, uplink_fixture)

CAF_TEST(an uplink of another version is not let in and both say why) {
  log_lines log;
  options.hello.protocol = protocol_version + 1;
  options.hello.version = "9.9.9";
  start_registry();
  start_uplink();
  pass(2s);
  CAF_CHECK(!has_joined());
  CAF_CHECK(lost.empty());
  auto ours = std::to_string(protocol_version) + " (darkroom 0.0.1)";
  auto theirs = std::to_string(protocol_version + 1) + " (darkroom 9.9.9)";
  std::string rest = ": run the same version of darkroom on both";
  CAF_CHECK_EQUAL(log.count("this worker speaks protocol " + theirs
                            + ", the other one " + ours + rest),
                  1u);
  CAF_CHECK_EQUAL(log.count("node mars is refused: this main node speaks "
                            "protocol "
                            + ours + ", the other one " + theirs + rest),
                  1u);
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

CAF_TEST(a main node of another version is known though all else has changed) {
  log_lines log;
  // All that versions have in common.
  auto later = earth.sys.spawn([]() -> caf::behavior {
    return {
      [](uint32_t, const std::string&, const std::string&) {
        return std::make_tuple(protocol_version + 1, std::string{"9.9.9"});
      },
    };
  });
  listen_as(later);
  start_uplink();
  pass(2s);
  CAF_CHECK(!has_joined());
  CAF_CHECK_EQUAL(log.count("the other one "
                            + std::to_string(protocol_version + 1)
                            + " (darkroom 9.9.9)"),
                  1u);
  caf::anon_send_exit(later, caf::exit_reason::kill);
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
