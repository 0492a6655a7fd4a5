/// Connections between simulated hosts.
///
/// What CAF does between nodes, and what is modelled of it: over one connection
/// messages arrive in the order in which they were sent, at most once, at any
/// later time. A message to an actor that ended bounces if it is a request.
/// When a connection breaks, each side may have got any part of what was on
/// its way; it notices at its own time: within milliseconds where a process
/// died, after the connection's time-out where packets vanish. From then on
/// its proxies are dead (DOWN, remote_link_unreachable), and what is sent to
/// them vanishes without a bounce; so does, before that, what is sent into a
/// broken connection. Nothing is repeated but what the product sends again.
///
/// CAF finds its connections by node. A host that takes its old connection for
/// good uses it again when it connects anew. Where only the other side takes it
/// for good, the host gets no answer; here such a connect fails.
#pragma once

#include "sim/stage.hpp"

#include <caf/message.hpp>
#include <caf/message_id.hpp>

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <vector>

namespace darkroom::sim {

class network;

/// A message on its way, as bytes; or the end of an actor.
struct parcel {
  caf::strong_actor_ptr from, to;
  caf::message_id id;
  std::vector<char> bytes;
  bool is_down = false; ///< `to` has ended
  caf::error reason;
};

/// One connection. Its ends are numbered 0 and 1.
struct link {
  struct end {
    host_ptr home;
    bool is_open = true;
    std::map<caf::actor_id, caf::strong_actor_ptr> proxies; ///< by original
    std::deque<parcel> incoming;
    microseconds last_arrival{0}; ///< of what is on its way here
  };

  end ends[2];
  bool is_broken = false; ///< nothing arrives any more
  microseconds stalled_until{0};
};
using link_ptr = std::shared_ptr<link>;

class network {
public:
  /// May change a message, or drop it (false), where it is delivered.
  using filter = std::function<bool(const host& to, caf::message&)>;

  /// @param timeout  silence after which an end gives a connection up
  network(stage& on, milliseconds timeout);

  /// @returns null where no connection comes about
  link_ptr connect(const host_ptr& from, const host_ptr& to);

  /// The actor as the other end sees it. @param end where the proxy lives
  caf::strong_actor_ptr proxy_of(const link_ptr& x, int end,
                                 const caf::strong_actor_ptr& original);

  void send(const link_ptr& x, int to, parcel what);

  // -- faults
  /// Packets of this connection vanish for so long.
  void stall(const link_ptr& x, microseconds duration);
  /// It is reset.
  void cut(const link_ptr& x);
  /// Its process died, or lives, frozen, so that its peers miss it.
  void lose(const host_ptr& x);
  void miss(const host_ptr& x);

  /// Connections that both ends take for good.
  std::vector<link_ptr> open_links() const;
  /// Messages that will still arrive.
  size_t under_way() const;

  filter deliver_filter = [](const host&, caf::message&) {
    return true;
  };

private:
  void deliver(const link_ptr& x, int to);
  void hand_over(const link_ptr& x, int to, parcel what);
  void break_up(const link_ptr& x);
  void close_end(const link_ptr& x, int end);
  void close_soon(const link_ptr& x, int end, microseconds delay);
  void adopt(const link_ptr& x, int end, caf::message& content);

  stage& stage_;
  milliseconds timeout_;
  std::vector<link_ptr> links_;
  /// Until when no packet passes between two nodes.
  std::map<std::pair<std::string, std::string>, microseconds> silent_;
};

} // namespace darkroom::sim
