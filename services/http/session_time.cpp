// The part of http_session that limits how long a client may take.
#include "services/http/session.hpp"

namespace darkroom {

void http_session::expires_at(clock::time_point time) {
  timer_.expires_at(time);
  timer_.async_wait([weak = weak_from_this()](error_code failed) {
    auto self = weak.lock();
    if (self && !failed)
      self->on_deadline();
  });
}

void http_session::expires_after(std::chrono::milliseconds time) {
  expires_at(clock::now() + time);
}

/// The operation that waits fails, and its handler closes the session.
void http_session::on_deadline() {
  if (timer_.expiry() <= clock::now() && wire_.is_waiting())
    wire_.close();
}

} // namespace darkroom
