#include "services/http/tls_watch.hpp"

#include "config/clock.hpp"
#include "services/http/server_core.hpp"
#include "services/process/guarded_thread.hpp"

#include <boost/asio/post.hpp>

namespace darkroom {

namespace {

constexpr std::chrono::seconds look_pause{1};

} // namespace

tls_watch::tls_watch(server_core& core) : core_(core), timer_(core.io) {}

void tls_watch::begin() {
  if (!core_.tls || core_.stopping)
    return;
  timer_.expires_after(look_pause);
  timer_.async_wait(guarded(
    "the watch over the certificate", [this](boost::system::error_code failed) {
      if (!failed && !core_.stopping)
        boost::asio::post(core_.threads_of(http_lane::file).pool,
                          guarded("the watch over the certificate",
                                  [this] { look(); }));
    }));
}

void tls_watch::end() {
  timer_.cancel();
}

void tls_watch::look() {
  core_.tls->look(wall_clock_ms());
  boost::asio::post(core_.io, guarded("the watch over the certificate",
                                      [this] { begin(); }));
}

} // namespace darkroom
