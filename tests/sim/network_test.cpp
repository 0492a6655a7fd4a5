// The simulated network: order, proxies, and connections that break.
#define CAF_SUITE sim_network

#include "messages/type_ids.hpp"
#include "sim/network.hpp"
#include "tests/support/test.hpp"

#include <caf/event_based_actor.hpp>
#include <caf/send.hpp>

using namespace darkroom;
using namespace std::chrono_literals;

namespace {

/// What an actor has heard.
struct heard {
  std::vector<std::string> words;
  std::vector<caf::strong_actor_ptr> senders;
  int downs = 0;
  int failures = 0;
};
using heard_ptr = std::shared_ptr<heard>;

/// Answers each word with "re: <word>".
caf::behavior listener(caf::event_based_actor* self, heard_ptr log) {
  self->set_down_handler([log](caf::down_msg&) { ++log->downs; });
  return {
    [self, log](const std::string& word) {
      log->words.push_back(word);
      log->senders.push_back(self->current_sender());
      return "re: " + word;
    },
  };
}

struct fixture {
  sim::stage stage{1, false};
  sim::network net{stage, 3000ms};
  sim::host_ptr worker = stage.start_host("worker");
  sim::host_ptr main = stage.start_host("main");
  sim::link_ptr over = net.connect(worker, main);
  heard_ptr log = std::make_shared<heard>();
  caf::actor there = stage.cast(main, "there",
                                stage.system().spawn(listener, log));
  caf::strong_actor_ptr proxy
    = net.proxy_of(over, 0, caf::actor_cast<caf::strong_actor_ptr>(there));
  heard_ptr here_log = std::make_shared<heard>();
  caf::actor here = stage.cast(worker, "here",
                               stage.system().spawn(asker, proxy, here_log));

  ~fixture() {
    proxy = nullptr;
    main->is = sim::host::condition::running; // else it could not end
    caf::anon_send_exit(here, caf::exit_reason::kill);
    caf::anon_send_exit(there, caf::exit_reason::kill);
    play(20s);
    over->ends[0].proxies.clear();
    over->ends[1].proxies.clear();
  }

  /// Asks the proxy what it is told, and watches it.
  static caf::behavior asker(caf::event_based_actor* self,
                             caf::strong_actor_ptr to, heard_ptr log) {
    self->set_down_handler([log](caf::down_msg&) { ++log->downs; });
    self->monitor(to);
    return {
      [self, to, log](const std::string& word) {
        self->request(caf::actor_cast<caf::actor>(to), 1s, word)
          .then(
            [log](const std::string& answer) { log->words.push_back(answer); },
            [log](caf::error&) { ++log->failures; });
      },
    };
  }

  void ask(const std::string& word) {
    caf::anon_send(here, word);
  }

  void play(sim::microseconds duration) {
    auto is_over = false;
    stage.in(duration, [&is_over] { is_over = true; });
    while (!is_over)
      if (!stage.step())
        stage.advance();
  }
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(sim_network_tests, fixture)

CAF_TEST(messages of one connection arrive in order and are answered) {
  std::vector<std::string> words;
  for (int i = 0; i < 20; ++i) {
    words.push_back(std::to_string(i));
    ask(words.back());
  }
  play(500ms);
  CAF_CHECK_EQUAL(log->words, words);
  CAF_CHECK_EQUAL(here_log->words.size(), 20u);
  CAF_CHECK_EQUAL(net.under_way(), 0u);
}

CAF_TEST(the other side sees a proxy of the sender and always the same) {
  ask("a");
  ask("b");
  play(500ms);
  CAF_REQUIRE_EQUAL(log->senders.size(), 2u);
  CAF_CHECK(log->senders[0] == log->senders[1]);
  CAF_CHECK(log->senders[0] != caf::actor_cast<caf::strong_actor_ptr>(here));
}

CAF_TEST(an actor that ends is missed on the other side) {
  play(100ms);
  caf::anon_send_exit(there, caf::exit_reason::kill);
  play(100ms);
  CAF_CHECK_EQUAL(here_log->downs, 1);
}

CAF_TEST(a process that dies is missed at once and answers nothing) {
  play(100ms);
  net.lose(main);
  stage.kill(main);
  play(100ms);
  CAF_CHECK_EQUAL(here_log->downs, 1);
  ask("a");
  play(500ms);
  CAF_CHECK_EQUAL(here_log->failures, 0);
  play(600ms);
  CAF_CHECK_EQUAL(here_log->failures, 1);
}

CAF_TEST(a short silence only delays) {
  net.stall(over, 900ms);
  ask("a");
  play(890ms);
  CAF_CHECK(log->words.empty());
  play(50ms);
  CAF_CHECK_EQUAL(log->words.size(), 1u);
  CAF_CHECK_EQUAL(here_log->downs, 0);
}

CAF_TEST(a long silence breaks the connection) {
  net.stall(over, 10s);
  ask("a");
  play(2900ms);
  CAF_CHECK_EQUAL(here_log->downs, 0);
  CAF_CHECK(net.connect(worker, main) == nullptr);
  play(1s);
  CAF_CHECK_EQUAL(here_log->downs, 1);
  CAF_CHECK(log->words.empty());
  CAF_CHECK(net.connect(worker, main) == nullptr);
  play(7s);
  CAF_CHECK(net.connect(worker, main) != nullptr);
}

CAF_TEST(a frozen process takes its mail once it runs again) {
  play(100ms);
  stage.freeze(main);
  ask("a");
  play(500ms);
  CAF_CHECK(log->words.empty());
  stage.thaw(main);
  play(500ms);
  CAF_CHECK_EQUAL(log->words.size(), 1u);
}

CAF_TEST_FIXTURE_SCOPE_END()
