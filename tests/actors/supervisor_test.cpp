/// A supervisor under a virtual clock. Over 300 lines long, because it is one
/// actor, and all cases need its fixture.
#define CAF_SUITE supervisor

#include "actors/supervisor.hpp"
#include "tests/support/actor_fixture.hpp"
#include "tests/support/fake_child.hpp"
#include "tests/support/fake_queue.hpp"

#include <caf/after.hpp>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

/// A supervisor of a, b and c.
struct fixture : actor_fixture {
  std::shared_ptr<child_log> log = std::make_shared<child_log>();
  supervisor_options options;
  supervisor_actor root;

  ~fixture() override {
    end_all(); // the root first, so that it restarts nobody
    for (auto& x : log->handles)
      caf::anon_send_exit(x, caf::exit_reason::kill);
    log->handles.clear();
    settle();
  }

  void start(child_temper temper = child_temper::quick,
             const std::vector<std::string>& names = {"a", "b", "c"}) {
    std::vector<child_spec> specs;
    for (const auto& x : names)
      specs.push_back(fake_spec(sys, x, log, temper));
    root = ends(self->spawn<caf::monitored>(supervisor, specs, options));
    settle();
  }

  /// Starts them and forgets that they began.
  void start_quietly() {
    start();
    log->lines.clear();
  }

  void stop() {
    caf::anon_send_exit(root, caf::exit_reason::user_shutdown);
    settle();
  }

  void fail(const std::string& name) {
    kill((*log)[name]);
  }

  /// "a+ b-": who runs and who does not.
  std::string running() {
    std::string out;
    for (const auto& x : ask<child_list>(root, children_v).children)
      out += (out.empty() ? "" : " ") + x.name + (x.running ? '+' : '-');
    return out;
  }

  child_status child() {
    return ask<child_list>(root, children_v).children.at(0);
  }

  uint64_t restarts(size_t index) {
    return ask<child_list>(root, children_v).children[index].restarts;
  }

  /// Whether the root is down, and why.
  bool is_down(caf::exit_reason reason) {
    bool out = false;
    self->receive(
      [&](caf::down_msg& message) { out = message.reason == reason; },
      caf::after(0s) >> [] {});
    return out;
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(supervisor_tests, fixture)

CAF_TEST(children start in order) {
  start();
  CAF_CHECK_EQUAL(log->text(), "start a, start b, start c");
  CAF_CHECK_EQUAL(running(), "a+ b+ c+");
}

CAF_TEST(children stop in reverse order) {
  start();
  log->lines.clear();
  stop();
  CAF_CHECK_EQUAL(log->text(), "told c, end c, told b, end b, told a, end a");
  CAF_CHECK(is_down(caf::exit_reason::user_shutdown));
}

CAF_TEST(a child is told to stop only after the next has ended) {
  start(child_temper::slow);
  log->lines.clear();
  stop();
  CAF_CHECK_EQUAL(log->text(), "told c");
  pass(99ms, 1ms);
  CAF_CHECK_EQUAL(log->text(), "told c");
  pass(1ms);
  CAF_CHECK_EQUAL(log->text(), "told c, end c, told b");
  pass(200ms);
  CAF_CHECK_EQUAL(log->text(), "told c, end c, told b, end b, told a, end a");
  CAF_CHECK(is_down(caf::exit_reason::user_shutdown));
}

CAF_TEST(a child that does not stop is killed when its time is over) {
  start(child_temper::deaf, {"a", "b"});
  log->lines.clear();
  stop();
  pass(4999ms);
  CAF_CHECK_EQUAL(log->text(), "told b");
  pass(1ms);
  CAF_CHECK_EQUAL(log->text(), "told b, end b, told a");
  pass(4999ms);
  CAF_CHECK(!is_down(caf::exit_reason::user_shutdown));
  pass(1ms);
  CAF_CHECK(is_down(caf::exit_reason::user_shutdown));
  CAF_CHECK_EQUAL(log->text(), "told b, end b, told a, end a");
}

CAF_TEST(a child that ends by itself while others stop is not restarted) {
  start(child_temper::slow);
  stop();
  fail("a");
  pass(300ms);
  CAF_CHECK(is_down(caf::exit_reason::user_shutdown));
  CAF_CHECK_EQUAL(std::count(log->lines.begin(), log->lines.end(), "start a"),
                  1);
}

CAF_TEST(a supervisor without children stops at once) {
  start(child_temper::quick, {});
  stop();
  CAF_CHECK(is_down(caf::exit_reason::user_shutdown));
}

CAF_TEST(one for one restarts the child that ended) {
  start_quietly();
  fail("b");
  pass(1ms);
  CAF_CHECK_EQUAL(log->text(), "end b, start b");
  CAF_CHECK_EQUAL(restarts(0), 0u);
  CAF_CHECK_EQUAL(restarts(1), 1u);
}

CAF_TEST(a child that ends normally is restarted too) {
  start_quietly();
  caf::anon_send_exit((*log)["a"], caf::exit_reason::normal);
  pass(1ms);
  CAF_CHECK_EQUAL(log->text(), "told a, end a, start a");
}

CAF_TEST(a child that was told to end starts anew and counts as no failure) {
  options.max_restarts = 0;
  start_quietly();
  for (auto i = 0; i < 3; ++i) {
    caf::anon_send_exit((*log)["a"], caf::exit_reason::user_shutdown);
    settle();
  }
  CAF_CHECK_EQUAL(running(), "a+ b+ c+");
  CAF_CHECK_EQUAL(restarts(0), 0u);
  CAF_CHECK(!is_down(caf::exit_reason::out_of_workers));
}

CAF_TEST(the first restart is immediate and then the delay doubles) {
  start_quietly();
  fail("b");
  pass(1ms);
  CAF_CHECK_EQUAL(running(), "a+ b+ c+");
  for (auto delay : {10ms, 20ms, 40ms, 80ms}) {
    fail("b");
    pass(delay - 1ms, 1ms);
    CAF_CHECK_EQUAL(running(), "a+ b- c+");
    pass(1ms);
    CAF_CHECK_EQUAL(running(), "a+ b+ c+");
  }
}

CAF_TEST(a delay does not grow beyond its limit) {
  options.max_restarts = 100;
  start_quietly();
  for (int i = 0; i < 12; ++i) {
    fail("b");
    pass(2s, 20ms);
  }
  fail("b");
  pass(1999ms);
  CAF_CHECK_EQUAL(running(), "a+ b- c+");
  pass(1ms);
  CAF_CHECK_EQUAL(running(), "a+ b+ c+");
}

CAF_TEST(a child that ran for longer than the period starts anew at once) {
  start_quietly();
  fail("b");
  pass(1ms);
  fail("b");
  pass(10ms, 1ms);
  pass(10s, 100ms);
  fail("b"); // ran for exactly the period: still in a row
  pass(1ms);
  CAF_CHECK_EQUAL(running(), "a+ b- c+");
  pass(19ms, 1ms);
  CAF_CHECK_EQUAL(running(), "a+ b+ c+");
  pass(10001ms, 100ms);
  fail("b");
  pass(1ms);
  CAF_CHECK_EQUAL(running(), "a+ b+ c+");
}

CAF_TEST(the delay of one child is not that of another) {
  start_quietly();
  for (int i = 0; i < 3; ++i) {
    fail("b");
    pass(50ms);
  }
  fail("b"); // due in 40 ms
  fail("a"); // due at once
  pass(1ms);
  CAF_CHECK_EQUAL(running(), "a+ b- c+");
  pass(38ms, 1ms);
  CAF_CHECK_EQUAL(running(), "a+ b- c+");
  pass(1ms);
  CAF_CHECK_EQUAL(running(), "a+ b+ c+");
}

CAF_TEST(one restart more than allowed is a failure of the supervisor) {
  options.max_restarts = 3;
  start_quietly();
  for (int i = 0; i < 3; ++i) {
    fail("a");
    pass(100ms);
    CAF_CHECK_EQUAL(running(), "a+ b+ c+");
  }
  log->lines.clear();
  fail("a");
  CAF_CHECK_EQUAL(log->text(), "end a, told c, end c, told b, end b");
  CAF_CHECK(is_down(caf::exit_reason::out_of_workers));
}

CAF_TEST(the restarts of all children count together) {
  options.max_restarts = 2;
  start_quietly();
  for (const char* name : {"a", "b", "c"})
    fail(name);
  CAF_CHECK(is_down(caf::exit_reason::out_of_workers));
}

CAF_TEST(restarts that are a period apart do not count together) {
  options.max_restarts = 1;
  start_quietly();
  fail("a");
  pass(10001ms, 100ms);
  fail("b");
  pass(1ms);
  CAF_CHECK_EQUAL(running(), "a+ b+ c+");
  pass(9998ms, 100ms); // 9999 ms after the last
  fail("c");
  CAF_CHECK(is_down(caf::exit_reason::out_of_workers));
}

CAF_TEST(a parent restarts a supervisor that gave up) {
  options.max_restarts = 0;
  std::vector<child_spec> outer;
  auto inner_options = options;
  outer.push_back({"inner", [this, inner_options] {
                     std::vector<child_spec> specs;
                     specs.push_back(fake_spec(sys, "a", log));
                     auto inner = sys.spawn(supervisor, specs, inner_options);
                     return caf::actor_cast<caf::strong_actor_ptr>(inner);
                   }});
  root = ends(
    self->spawn<caf::monitored>(supervisor, outer, supervisor_options{}));
  settle();
  fail("a");
  pass(1ms);
  CAF_CHECK_EQUAL(log->text(), "start a, end a, start a");
  CAF_CHECK_EQUAL(running(), "inner+");
  CAF_CHECK_EQUAL(restarts(0), 1u);
  stop();
  CAF_CHECK(is_down(caf::exit_reason::user_shutdown));
}

CAF_TEST(a child that does not answer is shown as busy until it does) {
  std::vector<held_request> held;
  auto busy = ends(sys.spawn([&held](caf::event_based_actor* me) {
    return caf::behavior{[&held, me](look_mailbox) -> caf::result<uint64_t> {
      held.push_back(held_request::of(me));
      return me->make_response_promise<uint64_t>();
    }};
  }));
  std::vector<child_spec> specs{
    {"busy", [busy] {
       return caf::actor_cast<caf::strong_actor_ptr>(busy);
     }}};
  root = ends(self->spawn<caf::monitored>(supervisor, specs, options));
  pass(1s);
  CAF_REQUIRE_EQUAL(held.size(), 1u);
  pass(300ms);
  CAF_CHECK_EQUAL(child().lag_ms, 300);
  held[0].answer(uint64_t{7});
  settle();
  CAF_CHECK_EQUAL(child().lag_ms, 300);
  CAF_CHECK_EQUAL(child().mailbox, 7u);
}

CAF_TEST_FIXTURE_SCOPE_END()
