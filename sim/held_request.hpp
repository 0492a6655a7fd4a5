/// Answers that come after a handler has ended.
#pragma once

#include <caf/actor_control_block.hpp>
#include <caf/mailbox_element.hpp>
#include <caf/make_message.hpp>
#include <caf/message_id.hpp>

#include <utility>

namespace darkroom::sim {

/// A request that is answered later. A response promise does not work here,
/// because it remembers the scheduler's stack frame of the request.
struct held_request {
  caf::strong_actor_ptr from;
  caf::message_id id;

  template <class Actor>
  static held_request of(Actor* self) {
    auto* element = self->current_mailbox_element();
    return {element->sender, element->mid};
  }

  template <class T>
  void answer(T reply) const {
    from->enqueue(nullptr, id.response_id(),
                  caf::make_message(std::move(reply)), nullptr);
  }
};

} // namespace darkroom::sim
