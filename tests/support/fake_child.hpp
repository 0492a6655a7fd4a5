/// Children for supervisors that record what happens to them.
#pragma once

#include "actors/mailbox.hpp"
#include "actors/supervisor.hpp"

#include <caf/actor_cast.hpp>
#include <caf/actor_system.hpp>
#include <caf/event_based_actor.hpp>

#include <memory>
#include <string>
#include <vector>

namespace darkroom {

/// What happened, in order: "start a", "told a" (to stop), "end a".
struct child_log {
  std::vector<std::string> lines;
  std::vector<caf::actor> handles; ///< of the last start, one per name
  std::vector<std::string> names;

  std::string text() const {
    std::string out;
    for (const auto& x : lines)
      out += (out.empty() ? "" : ", ") + x;
    return out;
  }

  caf::actor operator[](const std::string& name) const {
    for (size_t i = names.size(); i-- > 0;)
      if (names[i] == name)
        return handles[i];
    return nullptr;
  }
};

/// How a child reacts when it is told to stop.
enum class child_temper { quick, slow, deaf };

/// A slow child takes this long to stop.
inline constexpr std::chrono::milliseconds slowness{100};

inline caf::behavior fake_child(caf::event_based_actor* self, std::string name,
                                std::shared_ptr<child_log> log,
                                child_temper temper) {
  answer_mailbox(self);
  log->lines.push_back("start " + name);
  self->attach_functor([log, name] { log->lines.push_back("end " + name); });
  self->set_exit_handler([self, log, name, temper](caf::exit_msg& message) {
    log->lines.push_back("told " + name);
    if (temper == child_temper::quick)
      self->quit(message.reason);
    else if (temper == child_temper::slow)
      self->delayed_send(self, slowness, poll_v);
  });
  return {
    [self](poll) { self->quit(caf::exit_reason::user_shutdown); },
  };
}

inline child_spec fake_spec(caf::actor_system& sys, const std::string& name,
                            std::shared_ptr<child_log> log,
                            child_temper temper = child_temper::quick) {
  return {name, [&sys, name, log, temper] {
            auto child = sys.spawn(fake_child, name, log, temper);
            log->names.push_back(name);
            log->handles.push_back(child);
            return caf::actor_cast<caf::strong_actor_ptr>(child);
          }};
}

} // namespace darkroom
