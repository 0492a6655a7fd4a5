/// Has a server's certificate follow its files. Internal to services/http.
#pragma once

#include <boost/asio/steady_timer.hpp>

namespace darkroom {

struct server_core;

/// Looks at the files every second, on a thread that may block. `begin` and
/// `end` belong to the I/O thread.
class tls_watch {
public:
  /// @param core must outlive the watch, and its threads must end before it
  explicit tls_watch(server_core& core);

  /// Does nothing without TLS.
  void begin();
  void end();

private:
  void look(); // on a thread of a lane

  server_core& core_;
  boost::asio::steady_timer timer_;
};

} // namespace darkroom
