#include "tests/support/actor_fixture.hpp"

#include "messages/type_ids.hpp"

namespace darkroom {

actor_test_config::actor_test_config() {
  add_message_types<caf::id_block::darkroom>();
}

} // namespace darkroom
