#define CAF_SUITE mailbox

#include "actors/mailbox.hpp"
#include "messages/type_ids.hpp"
#include "tests/support/actor_fixture.hpp"

#include <caf/event_based_actor.hpp>

using namespace darkroom;

namespace {

struct fixture : actor_fixture {
  caf::actor busy = ends(sys.spawn([](caf::event_based_actor* me) {
    answer_mailbox(me);
    return caf::behavior{[](pump) {
    }};
  }));
};

} // namespace

CAF_TEST_FIXTURE_SCOPE(mailbox_tests, fixture)

CAF_TEST(an actor tells how many messages wait behind the question) {
  settle();
  CAF_CHECK_EQUAL(ask<uint64_t>(busy, look_mailbox_v), 0u);
  for (int i = 0; i < 3; ++i)
    self->send(busy, pump_v);
  auto answer = self->request<caf::message_priority::high>(busy, caf::infinite,
                                                           look_mailbox_v);
  settle();
  answer.receive([](uint64_t waiting) { CAF_CHECK_EQUAL(waiting, 3u); },
                 [this](caf::error& why) { CAF_FAIL(sys.render(why)); });
}

CAF_TEST(other messages that it does not know are errors as before) {
  auto answer = self->request(busy, caf::infinite, reap_v);
  settle();
  answer.receive([](uint64_t) { CAF_ERROR("answered"); },
                 [](caf::error& why) {
                   CAF_CHECK(why == caf::sec::unexpected_message);
                 });
}

CAF_TEST_FIXTURE_SCOPE_END()
