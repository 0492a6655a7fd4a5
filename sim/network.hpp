/// Connections between simulated hosts.
///
/// The model does what CAF does between nodes. Over one connection, messages
/// arrive in the order in which they were sent, at most once, and at any later
/// time. A request to an actor that has ended bounces. When a connection
/// breaks, each side may have received any part of the messages under way. Each
/// side notices the break at its own time: within milliseconds if a process
/// died, after the connection's time-out if packets vanish. From then on its
/// proxies are dead (DOWN, remote_link_unreachable). Messages to dead proxies,
/// or into a broken connection, vanish without a bounce. Only the product
/// repeats messages.
///
/// CAF finds its connections by node. If a host believes that its old
/// connection is open, it uses it again when it connects. If only the other
/// side believes so, the host gets no answer; in the model such a connect
/// fails.
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

/// A message under way, as bytes, or the news that an actor has ended.
struct parcel {
  caf::strong_actor_ptr from, to;
  caf::message_id id;
  std::vector<char> bytes;
  bool is_down = false; ///< `to` has ended
  caf::error reason;
};

/// One connection, with the ends 0 and 1.
struct link {
  struct end {
    host_ptr home;
    bool is_open = true;
    std::map<caf::actor_id, caf::strong_actor_ptr> proxies; ///< by original
    std::deque<parcel> incoming;
    microseconds last_arrival{0}; ///< of the parcels under way to this end
  };

  end ends[2];
  bool is_broken = false; ///< nothing arrives any more
  microseconds stalled_until{0};
};
using link_ptr = std::shared_ptr<link>;

class network {
public:
  /// May change a message when it is delivered, or drop it (false).
  using filter = std::function<bool(const host& to, caf::message&)>;

  /// @param timeout silence after which an end gives up a connection
  network(stage& on, milliseconds timeout);

  /// @returns null if no connection is made
  link_ptr connect(const host_ptr& from, const host_ptr& to);

  /// The proxy of an actor for the other end. @param end where the proxy lives
  caf::strong_actor_ptr proxy_of(const link_ptr& x, int end,
                                 const caf::strong_actor_ptr& original);

  void send(const link_ptr& x, int to, parcel what);

  // -- faults
  /// Packets of this connection vanish for this time.
  void stall(const link_ptr& x, microseconds duration);
  /// Resets a connection.
  void cut(const link_ptr& x);
  /// Breaks all connections of a host whose process died, or is frozen for so
  /// long that its peers give it up.
  void lose(const host_ptr& x);
  void miss(const host_ptr& x);

  /// Connections that both ends believe to be open.
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
