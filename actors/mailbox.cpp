#include "actors/mailbox.hpp"

#include "messages/type_ids.hpp"

#include <caf/scheduled_actor.hpp>

namespace darkroom {

void answer_mailbox(caf::scheduled_actor* self) {
  self->set_default_handler(
    [](caf::scheduled_actor* asked,
       caf::message_view& x) -> caf::result<caf::message> {
      if (!x.content().match_elements<look_mailbox>())
        return caf::print_and_drop(asked, x);
      return caf::make_message(uint64_t{asked->mailbox().size()});
    });
}

} // namespace darkroom
